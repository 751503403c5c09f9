/** nginx and HAProxy in front of a proxy, with their packages' default settings. */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until'

export type ReverseProxy = { readonly sqlUrl: string; readonly close: () => Promise<void> }

type Program = {
  readonly binary: string
  readonly args: (folder: string) => readonly string[]
  readonly config: (port: number, upstream: string, folder: string) => string
}

const CONFIG = 'config'

const nginx: Program = {
  binary: '/usr/sbin/nginx',
  args: (folder) => ['-p', folder, '-c', join(folder, CONFIG), '-e', 'stderr'],
  config: (port, upstream, folder) => `
      daemon off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
      events {}
      http {
        access_log off; client_max_body_size 0;
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
        server { listen 127.0.0.1:${port}; location / { proxy_pass http://${upstream}; } }
      }`,
}

export const REVERSE_PROXIES: Readonly<Record<string, Program>> = {
  nginx,
  'nginx without request buffering, HTTP/1.1': {
    binary: '/usr/sbin/nginx',
    args: nginx.args,
    config: (port, upstream, folder) =>
      nginx
        .config(port, upstream, folder)
        .replace(
          'proxy_pass',
          'proxy_request_buffering off; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass',
        ),
  },
  HAProxy: {
    binary: '/usr/sbin/haproxy',
    args: (folder) => ['-db', '-f', join(folder, CONFIG)],
    config: (port, upstream) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
listen sql
  bind 127.0.0.1:${port}
  server proxy ${upstream}
`,
  },
}

export const isInstalled = ({ binary }: Program): boolean => existsSync(binary)

export async function startReverseProxy(program: Program, url: string): Promise<ReverseProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'reverse-proxy-'))
  // When started by root, nginx works as another user.
  chmodSync(folder, 0o755)
  const port = await freePort()
  writeFileSync(join(folder, CONFIG), program.config(port, new URL(url).host, folder))
  const child = spawn(program.binary, program.args(folder), { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', resolve))
  await until(() => {
    if (child.exitCode !== null) throw new Error(`${program.binary} did not start`)
    return answers(port)
  })
  return {
    sqlUrl: `http://127.0.0.1:${port}/sql`,
    close: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => {
      resolve(false)
    })
  })
}
