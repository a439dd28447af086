import { Fragment, useRef } from 'react';
import { receivedTable } from '#domain/analysis/clock-adjustment.ts';
import { formatBytes, formatPercent } from '#domain/format/number.ts';
import { useAction } from '#state/commands/actions.ts';
import { announce } from '#state/session-store.ts';
import { useServiceSlots } from '#state/use-service-slots.ts';
import { usePrefs, useZone } from '#state/use-store.ts';
import { type FileJob, useTraceFile } from '#state/use-trace-file.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Menu, MenuHeading, MenuItem, MenuLine } from '#views/shared/Menu.tsx';
import { saveFile, saveText } from '#views/shared/save-file.ts';
import { EXPORT_FORMS, type ExportForm, type ExportFormat, exportName, formOf } from './export-formats.ts';
import { loadMarkdown } from './load-markdown.ts';
import { saveWaterfall } from './picture/save-waterfall.ts';
import { DEFAULT_TREE_WIDTH } from './Splitter.tsx';
import { serviceSlots } from './service-slots.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** The trace as a file. What is made of its spans is made in the worker that holds them, and can be stopped. */
export function ExportMenu({ model }: { model: WaterfallModel }) {
  // What is handed on has the times as they came, also while clocks are adjusted on screen.
  const table = receivedTable(model.table);
  const zone = useZone();
  const knownSlots = useServiceSlots();
  const treeWidth = usePrefs(prefs => prefs.widths['waterfall.tree']) ?? DEFAULT_TREE_WIDTH;
  const button = useRef<HTMLButtonElement>(null);
  const { job, failure, make } = useTraceFile(table);

  const save = async (format: ExportFormat): Promise<void> => {
    const name = exportName(table.traceId, format);
    if (format === 'markdown') {
      saveText(name, 'text/markdown', await loadMarkdown(table, zone));
      announce(`Saved ${name}`);
      return;
    }
    if (format === 'svg' || format === 'png') {
      await saveWaterfall(model, format, name, { slots: serviceSlots(table, knownSlots), zone, treeWidth });
      announce(`Saved ${name}`);
      return;
    }
    const file = await make(format);
    if (file === undefined) return;
    saveFile(name, file);
    announce(`Saved ${name}, ${formatBytes(file.size)}`);
  };
  useAction('waterfall.export', () => {
    // The focus comes back to where the menu was opened from.
    button.current?.focus();
    button.current?.click();
  });

  return (
    <>
      <Menu
        label="Export"
        align="end"
        trigger={props => (
          <button
            {...props}
            ref={button}
            type="button"
            className="btn tr-export"
            data-tip="The trace as a file"
            data-tip-keys="Shift+x"
          >
            <Icon name={failure === undefined ? 'download' : 'warn'} className="s14" />
            {job === undefined ? 'Export' : formatPercent(job.share)}
            <span className="vh">{job !== undefined && ` of ${formOf(job.format).name} is written`}</span>
            <Icon name="down" className="s12 end" />
          </button>
        )}
      >
        {close => (
          <>
            {job !== undefined && <StopItem job={job} close={close} />}
            {failure !== undefined && (
              <div className="tr-export-failed" role="presentation">
                {formOf(failure.format).name} could not be written: {failure.message}.
              </div>
            )}
            {EXPORT_FORMS.map(({ heading, forms }) => (
              <Fragment key={heading}>
                <MenuHeading>{heading}</MenuHeading>
                {forms.map(({ format, name, note }) => (
                  <MenuItem
                    key={format}
                    disabled={job !== undefined && isMadeOfSpans(format)}
                    keys={note !== '' && <span className="tr-export-note">{note}</span>}
                    onChoose={() => {
                      close();
                      void save(format);
                    }}
                  >
                    {name}
                  </MenuItem>
                ))}
              </Fragment>
            ))}
          </>
        )}
      </Menu>
      {EXPORT_FORMS.flatMap(({ forms }) => forms).map(form => (
        <ExportAction key={form.format} form={form} save={save} />
      ))}
    </>
  );
}

/** One such file at a time. */
function isMadeOfSpans(format: ExportFormat): boolean {
  return format === 'otlp-json' || format === 'jaeger-json' || format === 'csv';
}

/** Offers a form in the palette. */
function ExportAction({ form, save }: { form: ExportForm; save: (format: ExportFormat) => Promise<void> }) {
  useAction(`waterfall.export-${form.format}`, () => void save(form.format));
  return null;
}

function StopItem({ job, close }: { job: FileJob; close: () => void }) {
  const { name } = formOf(job.format);
  return (
    <>
      <MenuItem
        icon="close"
        onChoose={() => {
          close();
          job.stop();
          announce(`${name} was given up`);
        }}
      >
        Stop writing {name}
      </MenuItem>
      <MenuLine />
    </>
  );
}
