import { memo, useMemo, useState } from 'react';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { cutEnd, hostOf, safeHref, visibleLines, visibleText } from '#domain/format/text.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { valueHead, valueText } from '#domain/trace/value-text.ts';
import { Button } from '#views/shared/Button.tsx';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { saveFile, saveText } from '#views/shared/save-file.ts';
import type { AttributeScope } from './attribute-scope.ts';
import { CopyMenu } from './CopyMenu.tsx';
import { attributesJson, keyValueText } from './copy-forms.ts';
import { FilterActs } from './FilterActs.tsx';
import { MOST_JSON, prettyJson } from './pretty-json.ts';
import { useFilterLinks } from './use-filter-links.ts';

/** Longer values, JSON of more than a few words, and texts of several lines are folded to their first. */
const FOLD_FROM = 120;
const FOLD_JSON_FROM = 32;
/** No more of a value is put into the document; copying gives all of it. */
const MOST_SHOWN = 4096;
const MOST_KEY = 300;

/** One key and its value: type, text, and what can be done with it. `times`: how often this key is set beside it. */
export const AttributeRow = memo(function AttributeRow({
  attribute,
  scope,
  times,
}: {
  attribute: Attribute;
  scope: AttributeScope;
  times: number;
}) {
  const { key, value } = attribute;
  const { text, isWhole } = useMemo(() => valueHead(value, MOST_JSON), [value]);
  const [open, setOpen] = useState(false);
  const long = useMemo(() => isLong(text), [text]);
  const links = useFilterLinks(attribute, scope);
  const type = value.type === 'string' ? undefined : value.type;
  return (
    <div className={`at${open ? ' open' : ''}`}>
      <dt className="ell" data-tip={visibleText(cutEnd(key, MOST_KEY))}>
        <bdi>{visibleText(cutEnd(key, MOST_KEY))}</bdi>
      </dt>
      <dd>
        {long ? (
          <button type="button" className="at-fold ell" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'down' : 'right'} className="s12" />
            <span className="ell">{open ? sizeText(value, text) : visibleText(text.slice(0, FOLD_FROM))}</span>
          </button>
        ) : (
          <Value text={text} isError={key === 'error.type' || key === 'exception.type'} />
        )}
        {type !== undefined && <span className="tag at-type">{type}</span>}
        {times > 1 && (
          <span
            className="tag at-type wrn"
            data-tip="Keys must be unique: programs differ in which of the values counts"
          >
            set {times} times
          </span>
        )}
        <span className="acts">
          <FilterActs links={links} what={`${cutEnd(key, 80)} = ${text.slice(0, 80)}`} />
          <CopyMenu
            label={`Copy ${cutEnd(key, MOST_KEY)}`}
            forms={[
              { name: 'Value', text: () => valueText(value) },
              { name: 'key=value', text: () => keyValueText(attribute) },
              { name: 'JSON', text: () => attributesJson([attribute]) },
            ]}
          />
        </span>
      </dd>
      {open && <LongValue attribute={attribute} text={text} isWhole={isWhole} />}
    </div>
  );
});

/** The value as a file: bytes as they are, everything else as text. Keys may hold what no file system takes. */
function saveValue({ key, value }: Attribute): void {
  const name = key.replace(/[^\w.-]+/g, '_').slice(0, 80) || 'value';
  if (value.type === 'bytes') saveFile(`${name}.bin`, new Blob([value.value.slice()]));
  else saveText(`${name}.txt`, 'text/plain', valueText(value));
}

/** How much there is of a value; `text` is as much as is looked at. */
function sizeText(value: AttributeValue, text: string): string {
  switch (value.type) {
    case 'string':
      return formatBytes(value.value.length);
    case 'bytes':
      return formatBytes(value.value.length);
    case 'list':
    case 'map':
      return `${formatCount(value.value.length)} ${value.value.length === 1 ? 'item' : 'items'}`;
    default:
      return formatBytes(text.length);
  }
}

function isLong(text: string): boolean {
  if (text.length > FOLD_FROM || text.includes('\n')) return true;
  return text.length > FOLD_JSON_FROM && prettyJson(text) !== undefined;
}

function Value({ text, isError }: { text: string; isError: boolean }) {
  const href = safeHref(text);
  if (href === undefined) {
    return text === '' ? (
      <span className="mut">empty</span>
    ) : (
      <bdi className={`ell${isError ? ' err' : ''}`}>{visibleText(text)}</bdi>
    );
  }
  const host = hostOf(href);
  return (
    <a className="ell" href={href} target="_blank" rel="noopener noreferrer">
      {host === undefined ? (
        href
      ) : (
        <>
          {href.slice(0, host.from)}
          <b>{href.slice(host.from, host.to)}</b>
          {href.slice(host.to)}
        </>
      )}
    </a>
  );
}

function LongValue({ attribute, text, isWhole }: { attribute: Attribute; text: string; isWhole: boolean }) {
  const { value } = attribute;
  const [pretty, setPretty] = useState(true);
  const json = useMemo(() => (isWhole ? prettyJson(text) : undefined), [text, isWhole]);
  const href = text.length <= MOST_SHOWN ? safeHref(text) : undefined;
  const shown = json !== undefined && pretty ? json : text;
  return (
    <div className="at-long">
      <pre>{visibleLines(shown.slice(0, MOST_SHOWN))}</pre>
      <div className="at-long-acts">
        {shown.length > MOST_SHOWN && (
          <span className="mut">
            first {formatBytes(MOST_SHOWN)} of {isWhole ? formatBytes(shown.length) : sizeText(value, text)}
          </span>
        )}
        <span className="grow" />
        {href !== undefined && (
          <a className="btn quiet" href={href} target="_blank" rel="noopener noreferrer">
            Open the address
          </a>
        )}
        {json !== undefined && (
          <Button kind="quiet" onClick={() => setPretty(!pretty)}>
            {pretty ? 'As received' : 'Indented'}
          </Button>
        )}
        {text.length > MOST_SHOWN && (
          <Button kind="quiet" onClick={() => saveValue(attribute)}>
            Download
          </Button>
        )}
        <CopyButton text={() => valueText(value)} label="Copy the whole value">
          Copy all
        </CopyButton>
      </div>
    </div>
  );
}
