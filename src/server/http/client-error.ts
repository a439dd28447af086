import type { Socket } from 'node:net';

/**
 * Answers what Node's parser refuses before there is a request: late, oversized or malformed headers.
 * @param body the JSON body for a status and a sentence that says why
 */
export function answerClientError(
  body: (status: number, why: string) => Uint8Array,
): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
    const bytes = body(status, sentences[status]);
    socket.write(
      `HTTP/1.1 ${status} ${reasons[status]}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\n` +
        `Connection: close\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    socket.end(bytes);
  };
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

const sentences: Readonly<Record<number, string>> = {
  400: 'the request is not valid HTTP',
  408: 'the request did not arrive in time',
  431: 'the header is too large',
};
