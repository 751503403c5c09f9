'use client'
/** The help for the keyboard, made of the table that the handlers go by. Loaded when it is first opened. */

import { Fragment } from 'react'
import { Dialog } from '@/app/components/ui/dialog'
import { ShortcutKeys } from './shortcut-keys'
import { shortcutIds, shortcuts } from './shortcuts'

const groups = [
  { title: 'Everywhere', scopes: ['everywhere', 'page'] },
  { title: 'On the todo that has the focus', scopes: ['row'] },
]

export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      title="Keyboard"
      description="These keys work while you are not typing in a field."
      onClose={onClose}
    >
      {groups.map(({ title, scopes }) => (
        <section key={title} className="grid gap-2">
          <h3 className="font-medium">{title}</h3>
          <dl className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 text-sm">
            {shortcutIds
              .map((id) => shortcuts[id])
              .filter(({ scope }) => scopes.includes(scope))
              .map(({ does, keys }) => (
                <Fragment key={does}>
                  <dt>{does}</dt>
                  <dd className="flex flex-wrap items-center justify-end gap-2">
                    {keys.map((each, index) => (
                      <Fragment key={each}>
                        {index > 0 && <span className="text-muted-foreground">or</span>}
                        <ShortcutKeys keys={each} />
                      </Fragment>
                    ))}
                  </dd>
                </Fragment>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
