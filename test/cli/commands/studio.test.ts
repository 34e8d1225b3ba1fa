// Does flopscope studio serve the page and what was named, to this machine alone, and nothing else?

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { given } from '../../../cli/commands/studio/given.js';
import { filesIn, studioFiles } from '../../../cli/commands/studio/pageFiles.js';
import { serve, type Serving } from '../../../cli/commands/studio/server.js';
import { capture } from '../capture.js';

/** A path is sent as it is: URL would tidy it. */
const ask = (
  address: string,
  path: string,
  { host, method = 'GET' }: { readonly host?: string; readonly method?: string } = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: Readonly<Record<string, unknown>> }> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(address);
    const call = request(
      { host: '127.0.0.1', port, path, method, headers: host === undefined ? {} : { host } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('end', () => {
          resolve({ status: response.statusCode!, text, headers: response.headers });
        });
      },
    );
    call.on('error', reject).end();
  });

describe('flopscope studio', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopscope-studio-'));
  const page = join(folder, 'page');
  let serving: Serving;
  let token: string;
  beforeAll(async () => {
    mkdirSync(join(page, 'parts'), { recursive: true });
    mkdirSync(join(folder, 'saved', 'variables'), { recursive: true });
    writeFileSync(join(page, 'index.html'), 'the page');
    writeFileSync(join(page, 'parts', 'a.js'), 'script');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'net.yaml'), 'family: vovnet');
    writeFileSync(join(folder, 'saved', 'saved_model.pb'), 'graph');
    writeFileSync(join(folder, 'saved', 'variables', 'v'), 'weights');
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'saved', 'link'));
    const named = await given(['resnet50', 'dsod300@vovnet39', join(folder, 'net.yaml'), join(folder, 'saved')]);
    serving = await serve(await filesIn(page), named);
    token = /#open=([\w-]{20,})$/.exec(serving.address)![1]!;
  });
  afterAll(async () => {
    await serving.close();
    rmSync(folder, { recursive: true });
  });

  it('listens on 127.0.0.1 alone, with a policy for the page and its workers', async () => {
    expect(serving.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#open=/);
    const { status, text, headers } = await ask(serving.address, '/');
    expect([status, text]).toEqual([200, 'the page']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("connect-src 'self'");
    expect((await ask(serving.address, '/parts/a.js')).headers['content-type']).toContain('text/javascript');
  });

  it('lists what was named under its token, and serves those files', async () => {
    const { text } = await ask(serving.address, `/open/${token}/list.json`);
    const list = JSON.parse(text) as readonly {
      model?: string;
      files?: readonly { path: string; address: string }[];
    }[];
    expect(list.map(({ model, files }) => model ?? files!.map(({ path }) => path).sort())).toEqual([
      'resnet50',
      'dsod300@vovnet39',
      ['net.yaml'],
      ['saved/saved_model.pb', 'saved/variables/v'],
    ]);
    expect((await ask(serving.address, `/${list[2]!.files![0]!.address}`)).text).toBe('family: vovnet');
  });

  it.each([
    '/secret.txt',
    '/../secret.txt',
    '/parts/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '//etc/passwd',
    '/open/list.json',
    `/open/${'x'.repeat(32)}/list.json`,
    '/open/TOKEN/9/0',
    '/open/TOKEN/2/0/../../../secret.txt',
    '/parts',
  ])('%s is not there', async (path) => {
    expect((await ask(serving.address, path.replace('TOKEN', token))).status).toBe(404);
  });

  it('answers no other host name, and is only read', async () => {
    expect((await ask(serving.address, '/', { host: 'evil.example' })).status).toBe(403);
    expect((await ask(serving.address, '/', { method: 'POST' })).status).toBe(405);
    expect((await ask(serving.address, '/', { method: 'HEAD' })).text).toBe('');
  });

  it('a port that is taken, and a name that is nothing, are refused in a sentence', async () => {
    const taken = Number(new URL(serving.address).port);
    await expect(serve(new Map(), [], taken)).rejects.toThrow(
      /--port \d+: the port is not available \(it is taken\); name another/,
    );
    await expect(given(['no/such/file.onnx'])).rejects.toThrow('there is no such file or folder');
    await expect(given(['resnet5'])).rejects.toThrow('the nearest names are');
    const { code, err } = await capture(['studio', '--port', 'x']);
    expect([code, err]).toEqual([2, expect.stringContaining('a whole number from 1 to 65535') as string]);
  });

  it.skipIf(!existsSync('dist/cli.js'))('serves the page unpacked, with all that it asks for', async () => {
    const { address, close } = await serve(await studioFiles(), []);
    const index = await ask(address, '/');
    expect(index.text).toContain('<!doctype html>');
    for (const path of ['/studio.js', '/style.css', '/report/page.js', '/report/style.css', '/inter-400.woff'])
      expect((await ask(address, path)).status, path).toBe(200);
    expect((await ask(address, '/studio.js.br')).status).toBe(404);
    // Its package is one of the repository's own.
    const runtime = await ask(address, '/ort/ort-wasm-simd-threaded.asyncify.wasm', { method: 'HEAD' });
    expect([runtime.status, runtime.headers['content-type']]).toEqual([200, 'application/wasm']);
    await close();
  });

  it.skipIf(!existsSync('dist/cli.js'))('prints its link, and ends well with Ctrl-C', async () => {
    const child = spawn(process.execPath, ['dist/cli.js', 'studio', 'resnet50']);
    const [out, err]: [string[], string[]] = [[], []];
    child.stderr.on('data', (text: Buffer) => err.push(String(text)));
    const address = await new Promise<string>((resolve) => {
      child.stdout.on('data', (text: Buffer) => {
        out.push(String(text));
        resolve(String(text).trim());
      });
    });
    expect((await ask(address, '/studio.js')).status).toBe(200);
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(err.join('')).toContain('Ctrl-C ends it');
  });
});
