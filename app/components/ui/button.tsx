import type { ComponentProps } from 'react'
import { cn } from '@/lib/cn'

type Look = {
  variant?: 'primary' | 'outline' | 'ghost' | 'destructive' | 'link' | undefined
  size?: 'md' | 'lg' | 'icon' | undefined
  className?: string | undefined
}

/** For a link that looks like a button. */
export function buttonClass({ variant = 'primary', size = 'md', className }: Look = {}): string {
  return cn('button', `button-${variant}`, `button-${size}`, className)
}

export function Button({ variant, size, className, ...props }: ComponentProps<'button'> & Look) {
  return (
    <button
      data-slot="button"
      // A button in a form submits it unless it says otherwise.
      type="button"
      className={buttonClass({ variant, size, className })}
      {...props}
    />
  )
}
