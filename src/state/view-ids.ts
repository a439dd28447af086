/** The pages of the product; each has one folder under src/views and one line in src/app/views.ts. */
export type ViewId = 'explore' | 'graph' | 'trace' | 'store' | 'pins' | 'pin';
