/** px; the panel is 372 wide. */
export const PLOT_WIDTH = 340;
