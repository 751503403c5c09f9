/** The roles that policies name; the proxy installs them. */
import { pgRole } from 'drizzle-orm/pg-core'

/** A user with a valid token. The other role, `anonymous`, reaches no table. */
export const authenticated = pgRole('authenticated').existing()
