const CONNECTIONS = 4;

/** Sends request bodies over a few connections, waiting where the server asks for it. */
export async function sendRequests(otlpUrl: string, bodies: Iterator<Buffer>): Promise<void> {
  const connection = async () => {
    for (let next = bodies.next(); !next.done; next = bodies.next()) {
      for (;;) {
        const headers = { 'content-type': 'application/x-protobuf' };
        const response = await fetch(`${otlpUrl}/v1/traces`, {
          method: 'POST',
          headers,
          body: new Uint8Array(next.value),
        });
        await response.arrayBuffer();
        if (response.ok) break;
        if (response.status !== 503) throw new Error(`OTLP answered ${response.status}`);
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}
