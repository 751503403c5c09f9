/** Every address that the emulator answers, and who answers it. */
import { withSecretKey } from './bapi/authorize'
import { getBackendSession, revokeSession } from './bapi/sessions'
import { createSignInToken, createTestingToken } from './bapi/sign-in-tokens'
import {
  countUsers,
  getUser,
  listUsers,
  patchUserMetadata,
  postUser,
  removeUser,
} from './bapi/users'
import { demoSignIn } from './demo-sign-in'
import { createDevBrowser, getClient, signOut } from './fapi/client'
import { attemptEmailVerification, prepareEmailVerification } from './fapi/email-address'
import { getEnvironment } from './fapi/environment'
import { changePassword, getMe, updateMe } from './fapi/me'
import { listMySessions, revokeMySession } from './fapi/my-sessions'
import {
  createTemplateToken,
  createToken,
  getSession,
  removeSession,
  touchSession,
} from './fapi/sessions'
import { attemptFirstFactor, createSignIn, getSignIn, prepareFirstFactor } from './fapi/sign-in'
import {
  attemptVerification,
  createSignUp,
  getSignUp,
  prepareVerification,
  updateSignUp,
} from './fapi/sign-up'
import { getHandshakePayload, handshake } from './handshake'
import { getConfiguration, getJwks } from './openid'
import type { Routes } from './router'
import { serveAsset } from './serve-assets'

/** @see https://clerk.com/docs/reference/frontend-api */
const frontendApi: Routes = {
  'GET /v1/environment': getEnvironment,
  'PATCH /v1/environment': getEnvironment,
  'POST /v1/dev_browser': createDevBrowser,
  'GET /v1/client/handshake': handshake,
  'GET /v1/client': getClient,
  'PUT /v1/client': getClient,
  'DELETE /v1/client': signOut,
  'POST /v1/client/sign_ins': createSignIn,
  'GET /v1/client/sign_ins/:id': getSignIn,
  'POST /v1/client/sign_ins/:id/prepare_first_factor': prepareFirstFactor,
  'POST /v1/client/sign_ins/:id/attempt_first_factor': attemptFirstFactor,
  'POST /v1/client/sign_ups': createSignUp,
  'GET /v1/client/sign_ups/:id': getSignUp,
  'PATCH /v1/client/sign_ups/:id': updateSignUp,
  'POST /v1/client/sign_ups/:id/prepare_verification': prepareVerification,
  'POST /v1/client/sign_ups/:id/attempt_verification': attemptVerification,
  'DELETE /v1/client/sessions': signOut,
  'GET /v1/client/sessions/:id': getSession,
  'POST /v1/client/sessions/:id/touch': touchSession,
  'POST /v1/client/sessions/:id/tokens': createToken,
  'POST /v1/client/sessions/:id/tokens/:template': createTemplateToken,
  'POST /v1/client/sessions/:id/end': removeSession,
  'POST /v1/client/sessions/:id/remove': removeSession,
  'GET /v1/me': getMe,
  'PATCH /v1/me': updateMe,
  'POST /v1/me/change_password': changePassword,
  'POST /v1/me/email_addresses/:id/prepare_verification': prepareEmailVerification,
  'POST /v1/me/email_addresses/:id/attempt_verification': attemptEmailVerification,
  'GET /v1/me/sessions/active': listMySessions,
  'POST /v1/me/sessions/:id/revoke': revokeMySession,
}

/** @see https://clerk.com/docs/reference/backend-api */
const backendApi: Routes = {
  'GET /v1/jwks': withSecretKey(getJwks),
  'GET /v1/users': withSecretKey(listUsers),
  'GET /v1/users/count': withSecretKey(countUsers),
  'POST /v1/users': withSecretKey(postUser),
  'GET /v1/users/:id': withSecretKey(getUser),
  'DELETE /v1/users/:id': withSecretKey(removeUser),
  'PATCH /v1/users/:id/metadata': withSecretKey(patchUserMetadata),
  'POST /v1/sign_in_tokens': withSecretKey(createSignInToken),
  'POST /v1/testing_tokens': withSecretKey(createTestingToken),
  'GET /v1/clients/handshake_payload': withSecretKey(getHandshakePayload),
  'GET /v1/sessions/:id': withSecretKey(getBackendSession),
  'POST /v1/sessions/:id/revoke': withSecretKey(revokeSession),
}

export const routes: Routes = {
  ...frontendApi,
  ...backendApi,
  'POST /demo_sign_in': demoSignIn,
  'GET /.well-known/openid-configuration': getConfiguration,
  'GET /.well-known/jwks.json': getJwks,
  'GET /npm/@clerk/:package/dist/:file': serveAsset,
}
