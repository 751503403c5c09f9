'use client'
/**
 * Dragging of rows. dnd-kit is loaded when a handle is first touched, so it cannot wrap the list, which would be
 * rendered anew: this layer lies beside the list, and binds the rows that are on screen by their elements.
 */
import {
  closestCenter,
  DndContext,
  DragOverlay,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
  type Announcements,
  type DragMoveEvent,
} from '@dnd-kit/core'
import { useEffect, useLayoutEffect, useState, type PointerEvent, type RefObject } from 'react'

export type DraggedRow = { id: string; task: string }

/** What a handle calls when it is pressed, for each row. */
export type Grips = Map<string, (event: PointerEvent) => void>

type Drop = { over: string; isBelow: boolean }

type Props = {
  list: RefObject<HTMLElement | null>
  rows: readonly DraggedRow[]
  grips: RefObject<Grips>
  /** The row that is being dragged has to stay in the document. */
  onDrag: (id: string | null) => void
  onDrop: (id: string, drop: Drop) => void
}

export default function ReorderLayer({ list, rows, grips, onDrag, onDrop }: Props) {
  const [dragged, setDragged] = useState<DraggedRow | null>(null)
  const [line, setLine] = useState<{ top: number; left: number; width: number } | null>(null)
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }))

  function end() {
    setDragged(null)
    setLine(null)
    onDrag(null)
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ announcements: announcements(rows) }}
      onDragStart={({ active }) => {
        setDragged(rows.find(({ id }) => id === active.id) ?? null)
        onDrag(String(active.id))
      }}
      onDragMove={(event) => {
        const drop = dropOf(event)
        const rect = event.over?.rect
        setLine(
          drop && rect
            ? { left: rect.left, width: rect.width, top: drop.isBelow ? rect.bottom : rect.top }
            : null,
        )
      }}
      onDragEnd={(event) => {
        const drop = dropOf(event)
        end()
        if (drop) onDrop(String(event.active.id), drop)
      }}
      onDragCancel={end}
    >
      {rows.map(({ id }) => (
        <Binding key={id} id={id} list={list} grips={grips} />
      ))}
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div
            dir="auto"
            className="truncate rounded-lg border bg-popover px-4 py-3 text-popover-foreground shadow-lg"
          >
            {dragged.task}
          </div>
        )}
      </DragOverlay>
      {line && (
        <div
          aria-hidden
          style={line}
          className="pointer-events-none fixed z-20 h-0.5 -translate-y-1/2 rounded-full bg-primary forced-colors:bg-[Highlight]"
        />
      )}
    </DndContext>
  )
}

type BindingProps = { id: string } & Pick<Props, 'list' | 'grips'>

/** Renders nothing: it tells dnd-kit which element is the row, and the row what to call when it is gripped. */
function Binding({ id, list, grips }: BindingProps) {
  const { setNodeRef: bindDraggable, listeners } = useDraggable({ id })
  const { setNodeRef: bindDroppable } = useDroppable({ id })

  useLayoutEffect(() => {
    const row = list.current?.querySelector<HTMLElement>(`[data-todo="${CSS.escape(id)}"]`) ?? null
    bindDraggable(row)
    bindDroppable(row)
  })

  useEffect(() => {
    const all = grips.current
    const press = listeners?.onPointerDown
    if (!press) return
    all.set(id, (event) => {
      Reflect.apply(press, undefined, [event])
    })
    return () => {
      all.delete(id)
    }
  }, [id, grips, listeners])
  return null
}

/** Where the row would go: above or below the one whose middle is next. */
function dropOf({ active, over }: Pick<DragMoveEvent, 'active' | 'over'>): Drop | null {
  const moved = active.rect.current.translated
  if (!over || !moved || over.id === active.id) return null
  const middle = moved.top + moved.height / 2
  return { over: String(over.id), isBelow: middle > over.rect.top + over.rect.height / 2 }
}

function announcements(rows: readonly DraggedRow[]): Announcements {
  const name = (id: string | number) => `“${rows.find((row) => row.id === id)?.task ?? ''}”`
  return {
    onDragStart: ({ active }) => `Picked up ${name(active.id)}.`,
    onDragOver: ({ over }) => (over ? `At ${name(over.id)}.` : undefined),
    // What has been moved where is announced by the list, as for a move with keys.
    onDragEnd: () => undefined,
    onDragCancel: ({ active }) => `${name(active.id)} stays where it was.`,
  }
}
