'use client'
/** An editor for SQL: Postgres' colours, completion from names that are given, and Ctrl+Enter to run. */
import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { PostgreSQL, sql } from '@codemirror/lang-sql'
import { syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { classHighlighter } from '@lezer/highlight'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { Names } from '../service/api'
import { completeNames } from './completion'

type Props = {
  label: string
  value: string
  names: Names
  onChange: (value: string) => void
  onRun: () => void
}

/** The colours of the app, and two more that keep their contrast in light and dark. */
const theme = EditorView.theme({
  '&': { fontSize: '1rem', backgroundColor: 'transparent', maxHeight: '40dvh' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', lineHeight: '1.6' },
  '.cm-content': { padding: '0.75rem', minHeight: '7rem', caretColor: 'var(--foreground)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--foreground)' },
  '.cm-tooltip': { backgroundColor: 'var(--popover)', borderColor: 'var(--border)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--primary)',
    color: 'var(--primary-foreground)',
  },
  '.tok-keyword': { color: 'var(--primary)', fontWeight: '600' },
  '.tok-string': { color: 'light-dark(oklch(0.45 0.11 150), oklch(0.8 0.12 150))' },
  '.tok-number, .tok-bool': { color: 'light-dark(oklch(0.48 0.13 50), oklch(0.8 0.11 70))' },
  '.tok-comment': { color: 'var(--muted-foreground)', fontStyle: 'italic' },
})

export default function SqlEditor({ label, value, names, onChange, onRun }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const language = useRef(new Compartment())
  const changed = useEffectEvent(onChange)
  const run = useEffectEvent(onRun)
  const start = useEffectEvent(() => ({ doc: value, language: languageWith(names) }))

  useEffect(() => {
    const parent = host.current
    if (parent === null) return
    const { doc, language: first } = start()
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc,
        extensions: [
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                run()
                return true
              },
            },
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          history(),
          autocompletion({ icons: false }),
          language.current.of(first),
          syntaxHighlighting(classHighlighter),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) changed(state.doc.toString())
          }),
          theme,
        ],
      }),
    })
    view.current = editor
    return () => {
      view.current = null
      editor.destroy()
    }
  }, [label])

  useEffect(() => {
    const editor = view.current
    if (editor === null || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(languageWith(names)) })
  }, [names])

  return (
    <div
      ref={host}
      className="min-h-32 rounded-lg border border-input bg-card focus-within:outline-2 focus-within:outline-offset-2"
    />
  )
}

function languageWith(names: Names) {
  const { language, support } = sql({ dialect: PostgreSQL })
  return [language, support, language.data.of({ autocomplete: completeNames(names) })]
}
