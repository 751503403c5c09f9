/** The usual way: Fastify, a pool of `pg`, `jose`, and a transaction around each request's queries. */
import Fastify from 'fastify'
import pg from 'pg'
import { sessionTokenOf } from './identity.mjs'

const pool = new pg.Pool({ connectionString: process.env.PEER_DATABASE_URL, max: 20 })
const app = Fastify()

const COLUMNS = 'id, task, is_complete, inserted_at'
const LIST = `select ${COLUMNS} from todos order by inserted_at, id`

/** Runs `work` in a transaction in which the session is the user's. */
async function asUser(sessionToken, work) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query(
      "select set_config('role', $1, true), set_config('auth.session_token', $2, true)",
      ['authenticated', sessionToken],
    )
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    // Closed rather than reused: nobody knows what state it is in.
    client.release(true)
    throw error
  }
}

app.decorateRequest('sessionToken', '')
app.addHook('onRequest', async (request, reply) => {
  try {
    request.sessionToken = await sessionTokenOf(request.headers.authorization)
  } catch {
    return reply.code(401).send({ message: 'Sign in first.' })
  }
})

app.get('/todos', (request) =>
  asUser(request.sessionToken, async (client) => (await client.query(LIST)).rows),
)

app.post('/todos', (request) =>
  asUser(request.sessionToken, async (client) => {
    const insert = `insert into todos (task) values ($1) returning ${COLUMNS}`
    return (await client.query(insert, [request.body.task])).rows
  }),
)

/** Completes a todo, and answers with it, with all todos, and with those that are done. */
app.post('/complete', (request) =>
  asUser(request.sessionToken, async (client) => {
    const complete = `update todos set is_complete = true where id = $1 returning ${COLUMNS}`
    const done = `select ${COLUMNS} from todos where is_complete order by inserted_at, id`
    return [
      (await client.query(complete, [request.body.id])).rows,
      (await client.query(LIST)).rows,
      (await client.query(done)).rows,
    ]
  }),
)

console.error(`Listening at ${await app.listen({ port: 0, host: '127.0.0.1' })}`)
