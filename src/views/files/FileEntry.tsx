import { durationText } from '#domain/format/duration.ts';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { searchOfFiles, traceOfFile } from '#state/files/file-links.ts';
import type { OpenedFile } from '#state/files/use-files.ts';
import { useCloseFile } from '#state/files/use-open-files.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { AddToStore } from './AddToStore.tsx';
import { findingsText, placeText, progressText } from './file-texts.ts';

/** One file of the list. `onLeave` is called when a link in it is followed. */
export function FileEntry({ file, onLeave }: { file: OpenedFile; onLeave: () => void }) {
  const { name, findings, failure } = file;
  const close = useCloseFile();
  return (
    <li className="file" aria-label={visibleText(name)}>
      <div className="file-head">
        <Icon name="file" className="s14" />
        <b className="strong ell">{visibleText(name)}</b>
        <span className="mut nw">{formatBytes(file.bytes)}</span>
        <span className="grow" />
        <IconButton kind="quiet" icon="trash" label={`Close ${visibleText(name)}`} onClick={() => close(file.id)} />
      </div>
      {failure !== undefined && <Problem>{failure}</Problem>}
      {findings === undefined && failure === undefined && <Progress file={file} />}
      {findings !== undefined && (
        <>
          <p className="sec">{findingsText(findings)}</p>
          <Problems file={file} />
          {findings.traceCount > 0 && (
            <>
              <Traces file={file} onLeave={onLeave} />
              <AddToStore file={file} />
            </>
          )}
        </>
      )}
    </li>
  );
}

function Progress({ file: { progress, name } }: { file: OpenedFile }) {
  return (
    <div className="file-progress">
      <progress
        aria-label={`Reading ${visibleText(name)}`}
        max={progress?.totalBytes ?? 1}
        {...(progress && { value: progress.doneBytes })}
      />
      <span className="mut nw">{progressText(progress)}</span>
    </div>
  );
}

function Problems({ file: { findings } }: { file: OpenedFile }) {
  if (findings === undefined || findings.problemCount === 0) return null;
  const more = findings.problemCount - findings.problems.length;
  return (
    <ul className="file-problems" aria-label="What is wrong">
      {findings.problems.map(problem => (
        <li key={`${problem.offset} ${problem.message}`}>
          <Problem>
            {placeText(problem)}
            {visibleText(problem.message)}
          </Problem>
        </li>
      ))}
      {more > 0 && <li className="mut">and {formatCount(more)} more</li>}
    </ul>
  );
}

function Problem({ children }: { children: React.ReactNode }) {
  return (
    <div className="file-problem">
      <Icon name="warn" className="s14 wrn" />
      <span>{children}</span>
    </div>
  );
}

function Traces({ file, onLeave }: { file: OpenedFile; onLeave: () => void }) {
  const href = useHref();
  const follow = useFollow();
  const { traces = [], traceCount = 0 } = file.findings ?? {};
  const search = searchOfFiles([file]);
  const leave = (event: React.MouseEvent<HTMLAnchorElement>) => {
    follow(event);
    if (event.defaultPrevented) onLeave();
  };
  return (
    <ul className="file-traces" aria-label="Traces">
      {traces.map(trace => (
        <li key={trace.traceId}>
          <a className="ell" href={href(traceOfFile(trace))} onClick={leave}>
            {nameOf(trace)}
          </a>
          <span className="mut nw">
            {durationText(trace.durationNs)} ·{' '}
            {trace.spanCount === 1 ? '1 span' : `${formatCount(trace.spanCount)} spans`}
            {trace.errorCount > 0 &&
              ` · ${trace.errorCount === 1 ? '1 error' : `${formatCount(trace.errorCount)} errors`}`}
          </span>
        </li>
      ))}
      {search !== undefined && traceCount > traces.length && (
        <li>
          <a href={href(search)} onClick={leave}>
            Search all {formatCount(traceCount)} traces of this file
          </a>
        </li>
      )}
    </ul>
  );
}

function nameOf({ rootServiceName, rootName, services, traceId }: TraceSummary): string {
  if (rootName !== '' || rootServiceName !== '') return visibleText(`${rootServiceName} ${rootName}`.trim());
  const [largest] = services;
  return largest === undefined || largest.name === '' ? traceId : visibleText(`${largest.name} without a root`);
}
