/** A stand-in for a user pool of Amazon Cognito, for a laptop only: what amazon-cognito-identity-js asks for, and no more. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseFields } from '../stand-in/fields'
import { Refusal } from '../stand-in/refusal'
import type { Handler } from '../stand-in/server'
import type { Opened } from '../stand-in/sessions'
import { startStandIn, type Core, type Skin, type StandInOptions } from '../stand-in/stand-in'

const POOL = 'eu-central-1_StandIn01'
const CLIENT_ID = 'stand-in-client'

const signUpFields = z.object({ Username: z.string(), Password: z.string() })
const revokeFields = z.object({ Token: z.string() })
const authFields = z.discriminatedUnion('AuthFlow', [
  z.object({
    AuthFlow: z.literal('USER_PASSWORD_AUTH'),
    AuthParameters: z.object({ USERNAME: z.string(), PASSWORD: z.string() }),
  }),
  z.object({
    AuthFlow: z.literal('REFRESH_TOKEN_AUTH'),
    AuthParameters: z.object({ REFRESH_TOKEN: z.string() }),
  }),
])

const TYPES: Partial<Record<Refusal['code'], string>> = {
  invalid_credentials: 'NotAuthorizedException',
  invalid_grant: 'NotAuthorizedException',
  email_taken: 'UsernameExistsException',
}

const skin: Skin<'VITE_COGNITO_USER_POOL_ID' | 'VITE_COGNITO_CLIENT_ID'> = {
  name: 'Amazon Cognito',
  algorithm: 'RS256',
  tokenSeconds: 3600,
  newUserId: randomUUID,
  variables: ({ origin }) => ({
    VITE_COGNITO_USER_POOL_ID: POOL,
    VITE_COGNITO_CLIENT_ID: CLIENT_ID,
    VITE_COGNITO_ENDPOINT: `${origin}/`,
  }),
  provider: ({ origin }) => ({ jwksUrl: `${origin}/${POOL}/.well-known/jwks.json` }),
  refuse: ({ code, message }) =>
    Response.json({ __type: TYPES[code] ?? 'InvalidParameterException', message }, { status: 400 }),
  routes: (core) => {
    const operations: Readonly<Record<string, (request: Request) => Promise<object>>> = {
      InitiateAuth: async (request) => {
        const { AuthFlow, AuthParameters } = await parseFields(request, authFields)
        if (AuthFlow === 'USER_PASSWORD_AUTH') {
          const { USERNAME: email, PASSWORD: password } = AuthParameters
          const opened = core.sessions.open(await core.users.signIn({ email, password }))
          return answer(await tokens(core, opened), opened.refreshToken)
        }
        // A pool keeps its refresh tokens, unless their rotation is switched on.
        const opened = core.sessions.find(AuthParameters.REFRESH_TOKEN)
        if (!opened) throw new Refusal('invalid_grant', 'Refresh Token has been revoked')
        return answer(await tokens(core, opened))
      },
      SignUp: async (request) => {
        const { Username: email, Password: password } = await parseFields(request, signUpFields)
        const { id } = await core.users.signUp({ email, password })
        return { UserConfirmed: true, UserSub: id }
      },
      RevokeToken: async (request) => {
        const opened = core.sessions.find((await parseFields(request, revokeFields)).Token)
        if (opened) core.sessions.end(opened.session.id)
        return {}
      },
    }
    const operate: Handler = async (request) => {
      const name = request.headers.get('x-amz-target')?.split('.')[1] ?? ''
      const operation = operations[name]
      if (!operation) throw new Refusal('invalid_request', `This stand-in has no ${name}.`)
      return Response.json(await operation(request))
    }
    return {
      'POST /': operate,
      [`GET /${POOL}/.well-known/jwks.json`]: () => Response.json(core.keys.jwks),
    }
  },
}

type Tokens = { readonly AccessToken: string; readonly IdToken: string; readonly ExpiresIn: number }

function answer(tokens: Tokens, refreshToken?: string) {
  const RefreshToken = refreshToken === undefined ? {} : { RefreshToken: refreshToken }
  return {
    ChallengeParameters: {},
    AuthenticationResult: { ...tokens, ...RefreshToken, TokenType: 'Bearer' },
  }
}

async function tokens(core: Core, { user, session }: Opened): Promise<Tokens> {
  const shared = {
    ...{ iss: `https://cognito-idp.eu-central-1.amazonaws.com/${POOL}`, sub: user.id },
    ...{ origin_jti: session.id, event_id: randomUUID(), auth_time: session.startedAt },
  }
  return {
    AccessToken: await core.keys.sign({
      ...{ ...shared, token_use: 'access', client_id: CLIENT_ID, username: user.id },
      scope: 'aws.cognito.signin.user.admin',
    }),
    IdToken: await core.keys.sign({
      ...{ ...shared, token_use: 'id', aud: CLIENT_ID, 'cognito:username': user.id },
      ...{ email: user.email, email_verified: true },
    }),
    ExpiresIn: core.tokenSeconds,
  }
}

export const startCognito = (options: StandInOptions) => startStandIn(skin, options)
