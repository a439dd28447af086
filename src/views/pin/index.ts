import type { ViewDefinition } from '#views/shared/view-definition.ts';
import { PinPage } from './PinPage.tsx';

/** The way from a pin's address to what it holds. */
export const view: ViewDefinition = { id: 'pin', title: 'Pin', commands: [], Page: PinPage };
