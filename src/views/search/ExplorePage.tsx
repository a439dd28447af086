export function ExplorePage() {
  return <div />;
}
