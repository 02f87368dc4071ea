/** A real nats-server for tests: the one that is installed, or that Debian's packages have where this process may install. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

const places = ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server']

/** The path of the program; null, and a line that says so, where there is none. */
export function findNatsServer(): string | null {
  const found = () => places.find((path) => existsSync(path)) ?? null
  if (!found() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const options = { timeout: 60_000, stdio: 'ignore' } as const
    const install = () => spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'nats-server'], options)
    if (install().status !== 0) {
      spawnSync('apt-get', ['update'], options)
      install()
    }
  }
  if (!found()) process.stderr.write('The tests of workers at a server are skipped: nats-server can not be had.\n')
  return found()
}

export interface TestServer {
  readonly address: string
  /** Starts it, and resolves once it takes connections. */
  start(): Promise<void>
  kill(): Promise<void>
}

/** A server of its own in a folder, with JetStream and, where `config` says so, users. */
export async function natsServer(program: string, folder: string, config = ''): Promise<TestServer> {
  const port = await freePort()
  const file = join(folder, 'server.conf')
  const lines = [
    `listen: "127.0.0.1:${port}"`,
    `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))} }`,
    config
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  let child: ChildProcess | null = null
  return {
    address: `nats://127.0.0.1:${port}`,
    async start() {
      child = spawn(program, ['-c', file], { stdio: 'ignore' })
      while (!(await takesConnections(port))) if (child.exitCode !== null) throw new Error('nats-server has ended.')
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    // The server greets as soon as it is ready.
    socket.once('data', () => (socket.destroy(), resolve(true)))
    socket.once('error', () => setTimeout(() => resolve(false), 50))
  })
}
