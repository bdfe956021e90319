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
}

const nothingDrawn: { readonly option: EChartsCoreOption | undefined; readonly text: string; readonly form: string } = {
  option: undefined,
  text: '',
  form: '',
}

/** A chart that fills its element and follows its size. */
export function Chart({ option, table, className }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const drawn = useRef(nothingDrawn)

  // A layout effect, because a chart that appears one frame after its surroundings flickers.
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return
    const made = init(element)
    chart.current = made
    const observer = new ResizeObserver(() => {
      // The first callback reports the initial size.
      const isSame = made.getWidth() === element.clientWidth && made.getHeight() === element.clientHeight
      if (!isSame) made.resize()
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = undefined
      drawn.current = nothingDrawn
    }
  }, [])

  useLayoutEffect(() => {
    // Most renders of the parent change nothing here, and comparing is cheaper than drawing.
    if (option === drawn.current.option) return
    const text = JSON.stringify(option)
    if (text === drawn.current.text) return
    const form = JSON.stringify(option, (key, value: unknown) => (key === 'data' ? undefined : value))
    // New data in the same form is merged, which takes two thirds of the time; a new form replaces everything.
    chart.current?.setOption(option, { notMerge: form !== drawn.current.form, silent: true })
    drawn.current = { option, text, form }
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
