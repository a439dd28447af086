import type { ViewDefinition } from '#views/shared/view-definition.ts';
import { EXPLORE_COMMANDS } from './commands.ts';
import { ExplorePage } from './ExplorePage.tsx';

export const view: ViewDefinition = {
  id: 'explore',
  title: 'Explore',
  commands: EXPLORE_COMMANDS,
  Page: ExplorePage,
};
