/** SuperTokens in the browser: the session is in cookies that no script reads, and `fetch` renews it when the API asks for that. */
import SuperTokens from 'supertokens-web-js'
import EmailPassword from 'supertokens-web-js/recipe/emailpassword'
import Session from 'supertokens-web-js/recipe/session'

SuperTokens.init({
  appInfo: { appName: 'Todos', apiDomain: location.origin },
  recipeList: [Session.init(), EmailPassword.init()],
})

export type Intent = 'sign-in' | 'sign-up'

export const isSignedIn = () => Session.doesSessionExist()
export const signOut = () => Session.signOut()

/** @returns a sentence when it did not work */
export async function enter(intent: Intent, form: FormData): Promise<string | undefined> {
  const formFields = ['email', 'password'].map((id) => ({ id, value: String(form.get(id)) }))
  const answer =
    intent === 'sign-in'
      ? await EmailPassword.signIn({ formFields })
      : await EmailPassword.signUp({ formFields })
  if (answer.status === 'OK') return undefined
  if (answer.status === 'FIELD_ERROR') return answer.formFields[0]?.error
  if (answer.status === 'WRONG_CREDENTIALS_ERROR') return 'That address or that password is wrong.'
  return answer.reason
}
