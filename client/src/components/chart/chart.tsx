import { GridSimpleComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { useLayoutEffect, useRef } from 'react'
import './chart.css'

use([GridSimpleComponent, SVGRenderer])

/** Text alternative of a chart. */
export interface ChartTable {
  readonly caption: string
  /** Headers of the cells, without the column of row labels. */
  readonly columns: readonly string[]
  readonly rows: readonly { readonly label: string; readonly cells: readonly string[] }[]
}

interface ChartProps {
  /** Plain data; the caller registers the series types. The same object is not compared again, so do not mutate it. */
  readonly option: EChartsCoreOption
  /** Undefined: the page shows the same content beside the chart. */
  readonly table: ChartTable | undefined
  readonly className: string
  /** Nobody waits for it to answer a click: new data is drawn at most once a second, which costs a small computer less. */
  readonly isCalm?: boolean
}

interface Drawing {
  readonly option: EChartsCoreOption | undefined
  readonly text: string
  readonly form: string
}

const calmMs = 1_000
const nothingDrawn: Drawing = { option: undefined, text: '', form: '' }

/** A chart that fills its element and follows its size. */
export function Chart({ option, table, className, isCalm = false }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const drawn = useRef(nothingDrawn)
  const drawnAt = useRef(0)
  const next = useRef<Drawing>(undefined)
  const timer = useRef<number>(undefined)

  // A layout effect, because a chart that appears one frame after its surroundings flickers.
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return
    const made = init(element)
    // It asks for ten more frames after each drawing, and each moves every animation of the page on the main thread.
    made.getZr().setSleepAfterStill(1)
    chart.current = made
    const observer = new ResizeObserver(() => {
      // The first callback reports the initial size.
      const isSame = made.getWidth() === element.clientWidth && made.getHeight() === element.clientHeight
      if (!isSame) made.resize()
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      clearTimeout(timer.current)
      timer.current = undefined
      made.dispose()
      chart.current = undefined
      drawn.current = nothingDrawn
    }
  }, [])

  useLayoutEffect(() => {
    // Most renders of the parent change nothing here, and comparing is cheaper than drawing.
    const latest = timer.current === undefined ? drawn.current : next.current
    if (option === latest?.option) return
    const text = JSON.stringify(option)
    if (text === latest?.text) return
    const form = JSON.stringify(option, (key, value: unknown) => (key === 'data' ? undefined : value))
    next.current = { option, text, form }
    const waitMs = form === drawn.current.form ? drawnAt.current + (isCalm ? calmMs : 0) - performance.now() : 0
    if (waitMs <= 0) draw()
    else timer.current ??= window.setTimeout(draw, waitMs)

    function draw(): void {
      clearTimeout(timer.current)
      timer.current = undefined
      const drawing = next.current
      if (drawing?.option === undefined) return
      // New data in the same form is merged, which takes two thirds of the time; a new form replaces everything.
      chart.current?.setOption(drawing.option, { notMerge: drawing.form !== drawn.current.form, silent: true })
      drawn.current = drawing
      drawnAt.current = performance.now()
    }
  })

  return (
    <div className={className}>
      <div ref={place} className="chart" aria-hidden />
      {table && <TextAlternative table={table} />}
    </div>
  )
}

function TextAlternative({ table: { caption, columns, rows } }: { readonly table: ChartTable }) {
  return (
    <div className="chart__text" data-may-truncate>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <td aria-label={caption} />
            {placed(columns).map(({ place, item }) => (
              <th key={place} scope="col">
                {item}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {placed(rows).map(({ place, item: { label, cells } }) => (
            <tr key={place}>
              <th scope="row">{label}</th>
              {placed(cells).map((cell) => (
                <td key={cell.place}>{cell.item}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Adds the index as a key, because two labels may be equal. */
function placed<Item>(items: readonly Item[]): { readonly place: number; readonly item: Item }[] {
  return items.map((item, place) => ({ place, item }))
}
