'use client'

import { MonitorIcon, MoonIcon, SunIcon } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { keepOnDevice } from '@/lib/device-cookie'
import { saveTheme } from './actions'
import { parseTheme, THEME_COOKIE, themes, type Theme } from './theme'

const looks = {
  light: { label: 'Light', icon: SunIcon },
  dark: { label: 'Dark', icon: MoonIcon },
  system: { label: 'System', icon: MonitorIcon },
}

/** Three buttons, one of them pressed. A form, so that it works without a script too. */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [current, setCurrent] = useState(initial)

  function choose(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    const { submitter } = event.nativeEvent
    const theme = parseTheme(submitter?.getAttribute('value'))
    setCurrent(theme)
    showTheme(theme)
    keepOnDevice(THEME_COOKIE, theme)
  }

  return (
    <form action={saveTheme} onSubmit={choose}>
      <fieldset className="flex flex-wrap gap-1 rounded-lg bg-muted p-1">
        <legend className="sr-only">Theme</legend>
        {themes.map((theme) => {
          const { label, icon: Icon } = looks[theme]
          return (
            <button
              key={theme}
              type="submit"
              name="theme"
              value={theme}
              aria-pressed={theme === current}
              className="flex min-h-11 flex-1 cursor-pointer flex-wrap items-center justify-center gap-x-2 rounded-md px-2 text-sm text-muted-foreground hover:text-foreground aria-pressed:bg-card aria-pressed:font-medium aria-pressed:text-foreground aria-pressed:shadow-sm forced-colors:aria-pressed:outline-2"
            >
              <Icon aria-hidden className="size-4" />
              {label}
            </button>
          )
        })}
      </fieldset>
    </form>
  )
}

function showTheme(theme: Theme): void {
  const { dataset } = document.documentElement
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
}
