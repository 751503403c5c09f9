'use client'

import { CheckIcon, EllipsisIcon, GripVerticalIcon, PencilIcon, Trash2Icon } from 'lucide-react'
import { memo, type MouseEvent, type PointerEvent, type Ref } from 'react'
import { Button } from '@/app/components/ui/button'
import type { Todo } from '@/db/queries/todos'
import type { Change } from './change'
import { EditTodo } from './edit-todo'
import { formButton } from './form-button'
import type { ShownTodo } from './list'
import type { FailedEntry } from './outbox/entry'
import { RowFailure } from './row-failure'
import { details, facts } from './row-features'
import { LinkedText } from './text/linked-text'
import type { Act } from './use-act'

type Props = {
  todo: ShownTodo
  /** Its place in the list, from 0, for the virtual list and for screen readers. */
  index: number
  size: number
  failures: readonly FailedEntry[] | undefined
  /** The text in its editor, or null if it is not being edited. */
  draft: string | null
  isOpen: boolean
  isHydrated: boolean
  mayEdit: boolean
  /** The one row that Tab leads to. */
  isCurrent: boolean
  isSelected: boolean
  /** Rows are being selected: a tap selects, and does not edit. */
  isSelecting: boolean
  canMove: boolean
  /** Stands above it, where a group of rows begins. */
  heading: string | null
  act: Act
  actions: RowActions
  /** Pixels of rows above that are not in the document. */
  gap: number
  ref: Ref<HTMLLIElement> | undefined
}

/** They never change, so that a row is rendered again only for its own sake. */
export type RowActions = {
  /** @param text instead of the todo's own, for one that was not saved */
  readonly openEditor: (todo: Todo, text?: string) => void
  readonly saveEdit: (todo: Todo, text: string) => void
  readonly cancelEdit: () => void
  readonly complete: (todo: ShownTodo, change: Change) => void
  readonly openMenu: (todo: Todo, button: HTMLElement) => void
  readonly select: (todo: Todo, how: 'toggle' | 'extend') => void
  readonly grip: (todo: Todo, event: PointerEvent) => void
}

export const TodoRow = memo(function TodoRow(props: Props) {
  const { todo, index, size, failures, draft, isOpen, mayEdit, act, actions, gap, ref } = props
  const { isCurrent, isSelected, isSelecting, isHydrated, heading } = props
  const { id, task, isComplete, isPending = false } = todo
  return (
    <li
      ref={ref}
      style={gap > 0 ? { marginTop: gap } : undefined}
      data-index={index}
      data-todo={id}
      data-control="row"
      data-failed={failures ? true : undefined}
      data-selected={isSelected ? true : undefined}
      tabIndex={isHydrated ? (isCurrent ? 0 : -1) : undefined}
      aria-setsize={size}
      aria-posinset={index + 1}
      className="todo-row"
      onClick={(event) => {
        const how = selectionOf(event, isSelecting)
        if (how) actions.select(todo, how)
      }}
    >
      {heading !== null && <h2 className="todo-group">{heading}</h2>}
      {isSelected && <span className="sr-only">Selected</span>}
      <div className="flex min-h-14 items-center gap-3 px-4 py-1.5 sm:px-5">
        {draft === null ? (
          <>
            {isSelecting ? <SelectButton {...props} /> : <CompleteButton {...props} />}
            <span
              dir="auto"
              data-complete={isComplete}
              data-pending={isPending}
              className="min-w-0 flex-1 py-2 wrap-anywhere data-[complete=true]:text-muted-foreground data-[complete=true]:line-through data-[pending=true]:text-muted-foreground"
              onDoubleClick={() => {
                if (mayEdit) actions.openEditor(todo)
              }}
              onClick={(event) => {
                if (mayEdit && isTap(event) && !isSelecting) actions.openEditor(todo)
              }}
            >
              <LinkedText text={task} />
            </span>
            <RowButtons {...props} />
          </>
        ) : (
          <EditTodo
            text={draft}
            id={id}
            onSave={(text) => {
              actions.saveEdit(todo, text)
            }}
            onCancel={actions.cancelEdit}
          />
        )}
      </div>
      {facts.length > 0 && draft === null && (
        <div className="-mt-2 flex flex-wrap gap-x-3 pr-4 pb-2 pl-12 text-sm text-muted-foreground empty:hidden sm:pl-13">
          {facts.map((Fact, key) => (
            <Fact key={key} todo={todo} act={act} />
          ))}
        </div>
      )}
      {isOpen && details.map((Detail, key) => <Detail key={key} todo={todo} act={act} />)}
      {failures?.map((entry) => (
        <RowFailure
          key={entry.id}
          entry={entry}
          listId={todo.listId}
          onEdit={(text) => {
            actions.openEditor(todo, text)
          }}
        />
      ))}
    </li>
  )
})

function SelectButton({ todo, isSelected, isCurrent, actions }: Props) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={isSelected}
      aria-label={`Select ${todo.task}`}
      tabIndex={isCurrent ? 0 : -1}
      data-control="select"
      className="todo-check rounded-sm!"
      onClick={() => {
        actions.select(todo, 'toggle')
      }}
    >
      {isSelected && <CheckIcon aria-hidden className="size-3.5" />}
    </button>
  )
}

/** A button, because a form without JavaScript can submit a button and not a checkbox. */
function CompleteButton({ todo, isHydrated, isCurrent, mayEdit, actions }: Props) {
  const { id, task, isComplete } = todo
  return (
    <button
      {...formButton({ type: 'complete', id, isComplete: !isComplete }, (change) => {
        actions.complete(todo, change)
      })}
      role="checkbox"
      aria-checked={isComplete}
      aria-label={task}
      disabled={!mayEdit}
      tabIndex={tabStop(isHydrated, isCurrent)}
      data-control="complete"
      className="todo-check"
    >
      {isComplete && <CheckIcon aria-hidden className="size-3.5" />}
    </button>
  )
}

function RowButtons(props: Props) {
  const { todo, isHydrated, isCurrent, isSelecting, mayEdit, canMove, act, actions } = props
  const { id, task, isPending } = todo
  const tabIndex = tabStop(isHydrated, isCurrent)
  return (
    <div className="-mr-2 flex">
      {isHydrated && mayEdit && canMove && !isPending && (
        // For a mouse or a finger. With keys and the menu, rows move as well.
        <span
          aria-hidden
          className="row-grip"
          data-always={isSelecting ? true : undefined}
          onPointerDown={(event) => {
            actions.grip(todo, event)
          }}
        >
          <GripVerticalIcon className="size-4" />
        </span>
      )}
      {isHydrated && mayEdit && !isSelecting && (
        <Button
          variant="ghost"
          size="icon"
          className="row-extra"
          aria-label={`Edit ${task}`}
          onClick={() => {
            actions.openEditor(todo)
          }}
          tabIndex={tabIndex}
          data-control="edit"
        >
          <PencilIcon aria-hidden />
        </Button>
      )}
      {mayEdit && !isSelecting && (
        <Button
          {...formButton({ type: 'delete', id }, (change) => {
            act(change, todo, `Deleted “${task}”`)
          })}
          variant="ghost"
          size="icon"
          className={isHydrated ? 'row-extra hover:text-destructive' : 'hover:text-destructive'}
          aria-label={`Delete ${task}`}
          tabIndex={tabIndex}
          data-control="delete"
        >
          <Trash2Icon aria-hidden />
        </Button>
      )}
      {isHydrated && (
        <Button
          variant="ghost"
          size="icon"
          aria-label={`Actions for ${task}`}
          aria-haspopup="menu"
          onClick={({ currentTarget }) => {
            actions.openMenu(todo, currentTarget)
          }}
          tabIndex={tabIndex}
          data-control="menu"
        >
          <EllipsisIcon aria-hidden />
        </Button>
      )}
    </div>
  )
}

/** The list is one stop of the Tab key; within its current row, every control is one. */
const tabStop = (isHydrated: boolean, isCurrent: boolean) =>
  isHydrated && !isCurrent ? -1 : undefined

/** Shift and a click select a range, Ctrl or Cmd and a click one more; while rows are being selected, any click does. */
function selectionOf(event: MouseEvent, isSelecting: boolean): 'toggle' | 'extend' | null {
  const isOnControl =
    event.target instanceof Element &&
    event.target.closest('a, button, input, textarea, label, [role=group]')
  if (isOnControl) return null
  if (event.shiftKey) return 'extend'
  return event.ctrlKey || event.metaKey || isSelecting ? 'toggle' : null
}

/** A finger taps to edit. With a mouse, a click may be the start of a selection, so that takes two. */
function isTap({ nativeEvent, target }: MouseEvent): boolean {
  const isLink = target instanceof Element && target.closest('a') !== null
  return !isLink && nativeEvent instanceof PointerEvent && nativeEvent.pointerType === 'touch'
}
