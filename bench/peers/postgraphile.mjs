/** PostGraphile 5: a GraphQL API over the same tables, with the same role and session for each request. */
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { sessionTokenOf } from './identity.mjs'

// It is made for Node 22, and this is all of that which it lacks on Node 20 (ES2024).
Promise.withResolvers ??= function withResolvers() {
  let resolve, reject
  const promise = new this((...both) => ([resolve, reject] = both))
  return { promise, resolve, reject }
}

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.PEER_DATABASE_URL,
      schemas: ['public'],
      poolConfig: { max: 20 },
    }),
  ],
  grafserv: { graphiql: false, watch: false },
  grafast: {
    explain: false,
    context: async ({ node }) => ({
      pgSettings: {
        role: 'authenticated',
        'auth.session_token': await sessionTokenOf(node?.req.headers.authorization),
      },
    }),
  },
})

const server = createServer()
server.once('error', (error) => {
  throw error
})
await pgl.createServ(grafserv).addTo(server)
// Builds the schema before the first request has to wait for it.
await pgl.getSchema()
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.error(`Listening at http://127.0.0.1:${address.port}`)
})
