/** `app`: a page and a server action of the production build, and what the proxy adds to each. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { z } from 'zod'
import type { Bench, Measurement } from '../bench'
import { byTurns, type Run } from '../by-turns'
import { sendWell } from '../load/send'
import { digits, percentileCells } from '../report/format'
import { DIST_DIR, startAppStack, type AppStack } from '../scene/app-stack'
import { sealToken } from '../scene/seal-token'
import { openSessions } from '../scene/sessions'
import { ADD, ADDED_TASK, LIST, withValues } from '../scene/statements'
import { signInVisitor, type Visitor } from '../scene/visitor'
import { percentiles } from '../statistics'
import { sqlCall } from '../targets/proxy'

const TODOS = 20
/** This many fit into the minute for which a session's token is valid. */
const BLOCK = 50

export const app: Measurement = async (bench) => {
  bench.say('the app: building and starting it')
  const stack = await startAppStack(bench)
  const owner = new Client({ connectionString: stack.env.variables.DATABASE_URL })
  owner.on('error', () => undefined)
  await owner.connect()
  try {
    const visitor = await signInVisitor(stack)
    await owner.query(
      `insert into todos (user_id, task, inserted_at)
         select $1, 'Task ' || i, now() - i * interval '1 minute' from generate_series(1, $2) as i`,
      [visitor.userId, TODOS],
    )
    const rows = await measureAll(bench, stack, visitor, owner)
    return {
      title: 'The app',
      method: [
        `Next’s production build with the local Clerk, over HTTP, one request after the other; the user has ${TODOS} todos. Beside each, by turns: the request that the app sends to the proxy for it, and the same flight (become the user, then the statement) straight to Postgres. The difference of the last two is what the proxy adds.`,
      ],
      tables: [
        {
          head: [
            '',
            'p50',
            'p99',
            'its SQL through the proxy',
            'straight to Postgres',
            'the proxy adds',
          ],
          rows,
        },
      ],
      notes: [
        'The server’s Postgres writes to disk here (fsync is on), as that of `npm run up` does.',
      ],
    }
  } finally {
    await owner.end()
    await stack.stop()
  }
}

async function measureAll(bench: Bench, stack: AppStack, visitor: Visitor, owner: Client) {
  const { variables } = stack.env
  const sessions = await openSessions({
    authenticatorUrl: variables.PROXY_DATABASE_URL ?? '',
    ownerUrl: variables.DATABASE_URL ?? '',
  })
  const proxyUrl = `http://127.0.0.1:${stack.env.ports.proxy}`
  const connectionString = variables.DATABASE_AUTHENTICATED_URL ?? ''
  const sessionKey = variables.PROXY_SESSION_KEY ?? ''
  const throughProxy = (query: string, params: string[]) => () =>
    sendWell(proxyUrl, sqlCall({ connectionString }, { token: visitor.token() }, { query, params }))
  const straight = (sql: string) => () =>
    sessions.asUser(sealToken(sessionKey, visitor.token()), sql)
  const removeAdded = () => owner.query('delete from todos where task = $1', [ADDED_TASK])
  const row = async (name: string, runs: readonly Run[]) => {
    bench.say(`the app: ${name}`)
    const [whole = [], proxied = [], direct = []] = await inBlocks(bench, visitor, runs)
    const adds = percentiles(proxied).p50 - percentiles(direct).p50
    return [
      name,
      ...percentileCells(percentiles(whole)),
      percentileCells(percentiles(proxied))[0],
      percentileCells(percentiles(direct))[0],
      `${digits(adds)} ms (${digits((100 * adds) / percentiles(whole).p50)} %)`,
    ]
  }
  try {
    return [
      await row('the page /server', [page(visitor), throughProxy(LIST, []), straight(LIST)]),
      await row('the server action that adds a todo', [
        action(visitor, stack.appUrl),
        throughProxy(ADD, [ADDED_TASK]),
        straight(withValues(ADD, ADDED_TASK)),
        removeAdded,
      ]),
    ]
  } finally {
    sessions.close()
  }
}

async function inBlocks({ pace }: Bench, visitor: Visitor, runs: readonly Run[]) {
  const samples = runs.map((): number[] => [])
  for (let done = 0; done < pace.repetitions / 10; done += BLOCK) {
    await visitor.renew()
    for (const [i, block] of (await byTurns(runs, BLOCK)).entries()) samples[i]?.push(...block)
  }
  return samples
}

function page(visitor: Visitor): Run {
  return async () => {
    const html = await visitor.send('/server')
    if (!html.includes(`Task ${TODOS}`)) throw new Error('the page does not show the todos')
  }
}

/** As the page's JavaScript calls it: the answer brings the new row along. */
function action(visitor: Visitor, origin: string): Run {
  const init = {
    method: 'POST',
    headers: {
      origin,
      accept: 'text/x-component',
      'content-type': 'text/plain;charset=UTF-8',
      'next-action': actionId('changeTodos'),
    },
  }
  return async () => {
    const add = { type: 'add', id: randomUUID(), listId: null, task: ADDED_TASK }
    const answer = await visitor.send('/server', { ...init, body: JSON.stringify([add]) })
    if (!answer.includes(ADDED_TASK)) throw new Error('the action did not add the todo')
  }
}

const manifest = z.object({
  node: z.record(z.string(), z.looseObject({ exportedName: z.string().optional() })),
})

/** Every build gives each action a new id. */
function actionId(name: string): string {
  const file = join(DIST_DIR, 'server', 'server-reference-manifest.json')
  const { node } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
  const found = Object.entries(node).find(([, { exportedName }]) => exportedName === name)
  if (found === undefined) throw new Error(`the build has no action ${name}`)
  return found[0]
}
