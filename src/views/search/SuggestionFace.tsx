import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Marked } from '#views/shared/Marked.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { StatusGlyph, type StatusKind } from '#views/shared/StatusGlyph.tsx';
import { fieldName, opSign } from './field-names.ts';
import type { FoundSuggestion } from './found-suggestions.ts';
import type { Suggestion } from './suggest.ts';

/** One line under the filter input. */
export function SuggestionFace({ suggestion, wanted }: { suggestion: Suggestion; wanted: string }) {
  switch (suggestion.kind) {
    case 'trace':
      return (
        <>
          <Icon name="path" className="s14" />
          <span>Open trace</span>
          <span className="mono t11 ell">{suggestion.traceId}</span>
        </>
      );
    case 'span':
      return (
        <>
          <Icon name="eq" className="s14" />
          <span>Find the span</span>
          <span className="mono t11 ell">{suggestion.spanId}</span>
        </>
      );
    case 'found':
      return <FoundFace suggestion={suggestion} wanted={wanted} />;
    case 'field': {
      const { scope, name } = fieldName(suggestion.field);
      return (
        <>
          <span className="ico s14" />
          <span className="ell">
            <Marked text={name} wanted={wanted} />
          </span>
          <span className="grow" />
          {scope && <span className="mut t11">{scope}</span>}
        </>
      );
    }
    case 'filter': {
      const { field, op, values } = suggestion.filter;
      const { scope, name } = fieldName(field);
      const value = values[0]?.value ?? '';
      return (
        <>
          {field.kind === 'service' ? (
            <span className="suggest-mark">
              <ServiceKey service={value} />
            </span>
          ) : field.kind === 'status' ? (
            <span className="suggest-mark">
              <StatusGlyph status={value as StatusKind} />
            </span>
          ) : (
            <Icon name="eq" className="s14" />
          )}
          <span className="ell">
            <span className="mut">
              {scope ? `${scope} ` : ''}
              {visibleText(name)} {opSign(op)}
            </span>{' '}
            <Marked text={value} wanted={wanted} />
          </span>
        </>
      );
    }
  }
}

/** `url.path contains pay`, how many values that are, and how many traces. */
function FoundFace({ suggestion, wanted }: { suggestion: FoundSuggestion; wanted: string }) {
  const { found, filter, isExact } = suggestion;
  const { scope, name } = filter ? fieldName(filter.field) : { scope: undefined, name: found.field };
  const isService = filter?.field.kind === 'service' && isExact;
  return (
    <>
      {isService ? (
        <span className="suggest-mark">
          <ServiceKey service={found.example.value} />
        </span>
      ) : (
        <Icon name="eq" className="s14" />
      )}
      <span className="ell grow">
        <span className="mut">
          {scope ? `${scope} ` : ''}
          {visibleText(name)} {isExact ? '=' : 'contains'}
        </span>{' '}
        <Marked text={isExact ? found.example.value : wanted} wanted={wanted} />
        {!isExact && <span className="mut"> in {formatCount(found.values)} values</span>}
      </span>
      {found.traces !== undefined && (
        <span className="mut num nw">
          {formatCount(found.traces)} {found.traces === 1 ? 'trace' : 'traces'}
        </span>
      )}
    </>
  );
}

/** Tells suggestions of one list apart. */
export function keyOf(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case 'span':
      return `span ${suggestion.spanId}`;
    case 'found':
      return `found ${suggestion.condition}`;
    case 'trace':
      return suggestion.traceId;
    case 'field':
      return `field ${JSON.stringify(suggestion.field)}`;
    case 'filter':
      return JSON.stringify(suggestion.filter);
  }
}
