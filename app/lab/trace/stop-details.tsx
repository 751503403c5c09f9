import type { ReactNode } from 'react'
import { Code } from '../frame/code'
import { AnswerRows } from './answer-rows'
import { Checks } from './checks'
import { Policies } from './policies'
import { EXPLANATIONS, TITLES } from './summary'
import type { Shown } from './stops'
import type { TraceStep } from './trace'

type Props = { step: TraceStep; answer: Shown }

/** What one stop saw. */
export function StopDetails({ step, answer }: Props) {
  const { message } = answer
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="grid gap-1">
        <h2 className="text-lg font-semibold">{TITLES[step.step]}</h2>
        <p className="text-pretty text-muted-foreground">{EXPLANATIONS[step.step]}</p>
      </div>
      {step.refused !== undefined && (
        <p className="rounded-lg border border-destructive/40 bg-destructive/8 px-3 py-2 wrap-anywhere">
          <strong className="font-semibold">Refused here</strong> with{' '}
          <code className="font-mono">{step.refused.code}</code>
          {step.refused.sqlstate !== undefined && (
            <>
              , SQLSTATE <code className="font-mono">{step.refused.sqlstate}</code>
            </>
          )}
          {message !== undefined && <span className="mt-1 block">{message}</span>}
        </p>
      )}
      <Seen step={step} answer={answer} />
    </div>
  )
}

function Seen({ step, answer }: Props) {
  switch (step.step) {
    case 'request':
      return (
        <Facts
          facts={[
            ['Role', step.role],
            ['Database', step.database],
          ]}
        />
      )
    case 'token':
      return (
        <>
          <Part title="Header">{json(step.header)}</Part>
          <Part title="Claims">{json(step.claims)}</Part>
          <Part title="Signature, shortened">{answer.signature}</Part>
        </>
      )
    case 'checks':
      return <Checks checks={step.checks} />
    case 'gate':
      return step.statements.map(({ tree }, index) => (
        <Part key={index} title="The parse tree, in short">
          {tree.map(({ depth, text }) => `${'  '.repeat(depth)}${text}`).join('\n')}
        </Part>
      ))
    case 'policies':
      return <Policies tables={step.tables} />
    case 'identity':
      return (
        <Facts
          facts={[
            ['current_user', step.role],
            ['auth.user_id()', step.userId === undefined ? undefined : (step.userId ?? 'null')],
          ]}
        />
      )
    case 'plan':
      return step.plans.map((lines, index) => (
        <Part key={index} title="EXPLAIN (VERBOSE, COSTS OFF)">
          {lines.join('\n')}
        </Part>
      ))
    case 'postgres':
      return step.statements.map(({ sql, params }, index) => (
        <Part
          key={index}
          title={params === 0 ? 'As it was sent' : `As it was sent, with ${params} values apart`}
        >
          {sql}
        </Part>
      ))
    case 'limits':
    case 'body':
    case 'pool':
      return null
    case 'answer':
      return <AnswerRows {...answer} />
  }
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-1 gap-1">
      <h3 className="text-sm font-medium text-muted-foreground">{title}</h3>
      <Code>{children}</Code>
    </div>
  )
}

function Facts({ facts }: { facts: (readonly [name: string, value: string | undefined])[] }) {
  return (
    <dl className="grid gap-2">
      {facts.map(([name, value]) => (
        <div key={name} className="grid gap-x-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
          <dt className="text-muted-foreground">{name}</dt>
          <dd className="font-mono text-lg font-medium wrap-anywhere">{value ?? 'unknown'}</dd>
        </div>
      ))}
    </dl>
  )
}

function json(value: unknown): string {
  return value === undefined ? 'It cannot be read.' : JSON.stringify(value, null, 2)
}
