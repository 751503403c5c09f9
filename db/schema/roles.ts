/** The roles that policies name. */
import { pgRole } from 'drizzle-orm/pg-core'

/** A user with a valid token; the proxy installs it. The other role, `anonymous`, reaches no table. */
export const authenticated = pgRole('authenticated').existing()

/** A user who looks after what members have reported; a migration makes it, a claim permits it. */
export const moderator = pgRole('moderator').existing()
