import type { PanelDefinition } from '#views/shared/panel/panel-definition.ts';
import { waterfallCommands } from './commands.ts';
import { TracePanel } from './TracePanel.tsx';

export const panel: PanelDefinition = { commands: waterfallCommands, Panel: TracePanel };
