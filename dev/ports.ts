/** Makes sure that a port is free before anything is started on it. */
import { createServer } from 'node:net'
import { UserError } from './user-error'

/** @throws UserError that names the port, what wanted it, and the variable that moves it for `command`. */
export async function assertPortFree(
  port: number,
  wantedBy: string,
  variable: string,
  command = 'npm run up',
) {
  // Another program may hold the port on one address family only.
  const free = (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
  if (free) return
  throw new UserError(
    `Port ${port}, which ${wantedBy} wants, is taken by another program: stop that program, ` +
      `or choose another port (${variable}=${port + 1000} ${command}).`,
  )
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      // Nothing can listen there on a machine without IPv6.
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')
    })
    server.listen({ port, host, exclusive: true }, () =>
      server.close(() => {
        resolve(true)
      }),
    )
  })
}
