/** PropelAuth's routes: sign-in, sign-up, the way back from there, and sign-out. */
import { getRouteHandlers } from '@propelauth/nextjs/server/app-router'

export const { getRouteHandlerAsync: GET, postRouteHandlerAsync: POST } = getRouteHandlers()
