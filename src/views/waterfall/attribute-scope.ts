/** Where an attribute belongs, as TraceQL names it. */
export type AttributeScope = 'span' | 'resource' | 'event' | 'link' | 'instrumentation' | 'baggage';
