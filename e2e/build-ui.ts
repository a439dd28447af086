/** Before all browser tests: the server serves dist/ui, which must be built from the sources as they are. */
export default async function buildBeforeTests(): Promise<void> {
  const { buildUi } = (await import(new URL('../.tools/ui.mjs', import.meta.url).href)) as {
    buildUi(): Promise<{ code: number }>;
  };
  const { code } = await buildUi();
  if (code !== 0) throw new Error('the user interface does not build; the lines above say why');
}
