import { createSignal, Show } from 'solid-js'
import { enter, type Intent } from './auth'

/** Signing in and up, in the app itself. */
export function Door(props: { onEntered: () => void }) {
  const [intent, setIntent] = createSignal<Intent>()
  return (
    <Show
      when={intent()}
      fallback={
        <>
          <h1>Todos</h1>
          <p>
            <a href="#sign-in" onClick={() => setIntent('sign-in')}>
              Sign in
            </a>
            {' or '}
            <a href="#sign-up" onClick={() => setIntent('sign-up')}>
              Sign up
            </a>
          </p>
        </>
      }
    >
      {(chosen) => <Form intent={chosen()} onEntered={props.onEntered} />}
    </Show>
  )
}

function Form(props: { intent: Intent; onEntered: () => void }) {
  const [problem, setProblem] = createSignal<string>()
  const doing = () => (props.intent === 'sign-in' ? 'Sign in' : 'Sign up')
  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const failure = await enter(props.intent, new FormData(event.currentTarget))
    setProblem(failure)
    if (failure === undefined) props.onEntered()
  }
  return (
    <>
      <h1>{doing()}</h1>
      <Show when={problem()}>{(sentence) => <p role="alert">{sentence()}</p>}</Show>
      <form onSubmit={submit}>
        <label>
          Email <input name="email" type="email" autocomplete="username" required />
        </label>
        <label>
          Password <input name="password" type="password" required />
        </label>
        <button>{doing()}</button>
      </form>
    </>
  )
}
