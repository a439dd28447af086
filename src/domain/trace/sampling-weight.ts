const TWO_TO_56 = 2 ** 56;

/**
 * How many spans a sampled one stands for, from its W3C tracestate: 2^56 / (2^56 − T) for the rejection threshold
 * `ot=th:T` (1 to 14 hex digits, trailing zeros left out). Undefined where there is none. Source: OpenTelemetry,
 * "TraceState: Probability Sampling".
 */
export function samplingWeight(traceState: string): number | undefined {
  const threshold = /(?:^|,)[ \t]*ot=(?:[^,]*;)?th:([0-9a-f]{1,14})(?=[;,\s]|$)/.exec(traceState)?.[1];
  if (threshold === undefined) return undefined;
  return TWO_TO_56 / (TWO_TO_56 - Number.parseInt(threshold.padEnd(14, '0'), 16));
}
