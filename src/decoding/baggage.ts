export { parseBaggageHeader } from '#domain/trace/baggage.ts';
