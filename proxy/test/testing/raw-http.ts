/** HTTP as raw bytes, for requests that no client would send. */
import { connect } from 'node:net'

export type RawAnswer = { readonly status: number; readonly body: string }

/**
 * Writes the bytes and reads until the server ends the connection.
 * @param half whether to end our side; otherwise the server must give up
 */
export async function sendRaw(
  url: string,
  bytes: string | Uint8Array,
  half = true,
): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url)
  const text = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }, () => {
      socket.write(bytes)
      if (half) socket.end()
    })
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error('the server left the connection open'))
    }, 10_000)
    socket.on('data', (chunk) => chunks.push(chunk))
    // A server that closes before reading everything resets the connection.
    socket.on('error', () => undefined)
    socket.on('end', () => socket.end())
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(chunks).toString())
    })
  })
  return parseAnswers(text)
}

/** @throws Error unless the bytes are a sequence of complete answers */
function parseAnswers(text: string): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n')
    const head = rest.subarray(0, end).toString()
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]
    if (end < 0 || status === undefined) throw new Error(`no HTTP answer: ${text.slice(0, 200)}`)
    const length = status === '100' ? 0 : Number(/^content-length: (\d+)$/im.exec(head)?.[1])
    const body = rest.subarray(end + 4, end + 4 + length)
    if (body.length !== length) throw new Error(`answer cut short: ${text.slice(0, 200)}`)
    if (status !== '100') answers.push({ status: Number(status), body: body.toString() })
    rest = rest.subarray(end + 4 + length)
  }
  return answers
}
