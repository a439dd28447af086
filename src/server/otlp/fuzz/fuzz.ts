import { isDeepStrictEqual } from 'node:util';
import type { OtlpEncoding } from '#server/otlp/status.ts';
import { openReceiver } from '#server/otlp/testing/open-receiver.ts';
import { protoRequest, protoSpan } from '#server/otlp/testing/requests.ts';
import { makeTempDir, openCore, removeDir } from '#server/store/testing/open-core.ts';
import { checkExchange } from './check-exchange.ts';
import { Choices } from './choices.ts';
import { damage } from './damage.ts';
import { treeToJson, treeToProto } from './encode-tree.ts';
import { type CaseIds, drawRequest, type MessageTree, reshape } from './message-tree.ts';
import { ingestBody, nextRow, storedRows } from './stored-rows.ts';

export interface Finding {
  readonly seed: number;
  readonly encoding: OtlpEncoding;
  readonly body: Uint8Array;
  readonly what: string;
}

export interface FuzzRange {
  readonly firstSeed: number;
  readonly cases: number;
}

/** A store that grew large would make each case slower than the one before. */
const CASES_PER_STORE = 300;

/** Both encodings of one message: the same answer, and the same rows in the store. */
export async function fuzzEncodings({ firstSeed, cases }: FuzzRange): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let done = 0; done < cases; done += CASES_PER_STORE) {
    const dirs = [makeTempDir(), makeTempDir()] as const;
    const [proto, json] = [(await openCore(dirs[0])).core, (await openCore(dirs[1])).core];
    const opening = protoRequest([protoSpan('abc0'.repeat(8), 'aaaaaaaaaaaaaaa1')]);
    for (const core of [proto, json]) await ingestBody(core, opening, 'protobuf');
    for (let i = done; i < Math.min(cases, done + CASES_PER_STORE); i++) {
      const choices = new Choices(firstSeed + i);
      const tree = drawCase(choices);
      const [protoBody, jsonBody] = [treeToProto(choices, tree), Buffer.from(treeToJson(choices, tree))];
      const rows = [await nextRow(proto), await nextRow(json)] as const;
      const answers = [
        await ingestBody(proto, protoBody, 'protobuf'),
        await ingestBody(json, jsonBody, 'json'),
      ] as const;
      const stored = [await storedRows(proto, rows[0]), await storedRows(json, rows[1])] as const;
      const what = !isDeepStrictEqual(answers[0], answers[1])
        ? `protobuf is answered ${JSON.stringify(answers[0])}, JSON ${JSON.stringify(answers[1])}`
        : isDeepStrictEqual(stored[0], stored[1])
          ? undefined
          : 'the encodings store different rows';
      if (what !== undefined) findings.push({ seed: firstSeed + i, encoding: 'json', body: jsonBody, what });
    }
    await Promise.all([proto.close(), json.close()]);
    dirs.forEach(removeDir);
  }
  return findings;
}

/** Messages, mostly damaged, through the whole receiver: see `checkExchange`. */
export async function fuzzReceiver({ firstSeed, cases }: FuzzRange): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let done = 0; done < cases; done += CASES_PER_STORE) {
    const receiver = await openReceiver();
    for (let i = done; i < Math.min(cases, done + CASES_PER_STORE); i++) {
      const choices = new Choices(firstSeed + i);
      const encoding = choices.of(['json', 'protobuf'] as const);
      const draw = () => {
        const tree = drawCase(choices);
        return encoding === 'json' ? Buffer.from(treeToJson(choices, tree)) : treeToProto(choices, tree);
      };
      const whole = draw();
      const body = choices.chance(0.1) ? whole : damage(choices, whole, draw(), encoding === 'json');
      const what = await checkExchange(receiver, body, encoding).catch((error: Error) => error.message);
      if (what !== undefined) findings.push({ seed: firstSeed + i, encoding, body, what });
    }
    await receiver.close();
  }
  return findings;
}

function drawCase(choices: Choices): MessageTree {
  const ids: CaseIds = {
    traces: [choices.bytes(16), choices.bytes(16)],
    spans: Array.from({ length: 5 }, () => choices.bytes(8)),
  };
  const tree = drawRequest(choices, ids);
  return choices.chance(0.5) ? reshape(choices, tree, drawRequest(choices, ids)) : tree;
}
