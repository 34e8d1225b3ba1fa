// Serves the studio's page to this machine alone: static files, and the files that were named.

import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { InputError } from '../../../src/inputError.js';
import type { Given } from './given.js';
import type { PageFiles } from './pageFiles.js';

const HOST = '127.0.0.1';

export interface Serving {
  /** The link to open. */
  readonly address: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
};

/** The page states the same policy itself. Isolation gives it finer clocks. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/**
 * It serves a fixed list of files: those of the page, and the named ones under a secret path.
 * @throws InputError for a port that is not available
 */
export async function serve(page: PageFiles, named: readonly Given[], port = 0): Promise<Serving> {
  const token = randomBytes(24).toString('base64url');
  const files = new Map(page);
  const list = named.map((one, i) => {
    if ('model' in one) return one;
    return {
      files: one.files.map(({ path, at }, j) => {
        const address = `open/${token}/${i}/${j}`;
        files.set(`/${address}`, at);
        return { path, address };
      }),
    };
  });
  const server = createServer((request, response) => {
    void answer(request, response, files, new Map([[`/open/${token}/list.json`, JSON.stringify(list)]]));
  });
  const own = await listening(server, port);
  return {
    address: `http://${HOST}:${own}/${named.length > 0 ? `#open=${token}` : ''}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      const why =
        { EADDRINUSE: 'it is taken', EACCES: 'it needs rights that this user does not have' }[code] ?? message;
      reject(new InputError(`--port ${port}: the port is not available (${why}); name another, or leave --port out`));
    });
    server.listen(port, HOST, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function answer(
  { method, url = '/', headers: { host }, socket }: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): Promise<void> {
  const end = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
    response.writeHead(status, { ...HEADERS, 'Content-Type': type }).end(method === 'HEAD' ? undefined : text);
  };
  // A request of another site whose name resolves to this machine (DNS rebinding) has that name as
  // host.
  if (![`${HOST}:${socket.localPort}`, `localhost:${socket.localPort}`].includes(host ?? '')) {
    end(403, 'this is not an address of the studio');
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') {
    end(405, 'the studio answers GET and HEAD alone');
    return;
  }
  const path = url.replace(/[?#].*$/s, '');
  const text = texts.get(path);
  if (text !== undefined) {
    end(200, text, TYPES['.json']);
    return;
  }
  const file = files.get(path);
  const size = file === undefined ? undefined : (await stat(file).catch(() => undefined))?.size;
  if (file === undefined || size === undefined) {
    end(404, 'there is no such file here');
    return;
  }
  const own = !path.startsWith('/open/');
  if (own && file.endsWith('.br')) {
    const text = (await unpacked(await readFile(file))).toString();
    end(200, text, TYPES[extname(file.slice(0, -'.br'.length))]);
    return;
  }
  const type = own ? TYPES[extname(file)] : undefined;
  response.writeHead(200, {
    ...HEADERS,
    'Content-Type': type ?? 'application/octet-stream',
    'Content-Length': size,
  });
  if (method === 'HEAD') {
    response.end();
    return;
  }
  // A file that grows while it is read is served up to its first length.
  const stream = createReadStream(file, { end: Math.max(0, size - 1) });
  stream.on('error', () => {
    response.destroy();
  });
  if (size === 0) response.end();
  else stream.pipe(response);
}

const unpacked = promisify(brotliDecompress);
