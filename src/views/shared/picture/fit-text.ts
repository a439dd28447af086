type Measuring = Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;

const cache = new Map<string, string>();
const MOST = 5_000;

/** The text, cut with an ellipsis where it is wider than `room` px in the font that is set. */
export function fitted(context: Measuring, text: string, room: number): string {
  const key = `${context.font}\n${Math.round(room)}\n${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const cut = cutToRoom(context, text, Math.round(room));
  if (cache.size >= MOST) cache.clear();
  cache.set(key, cut);
  return cut;
}

function cutToRoom(context: Measuring, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let [least, most] = [0, text.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) least = middle;
    else most = middle - 1;
  }
  return least === 0 ? '' : `${text.slice(0, least)}…`;
}
