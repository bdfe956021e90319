import type { Board } from '@stagewatch/shared/contract/board.ts'
import { LineChart } from 'echarts/charts'
import { GridSimpleComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef, useState } from 'react'
import { sparklineOption } from './sparkline-option.ts'

use([LineChart, GridSimpleComponent, CanvasRenderer])

/** As in kpi-band.css. */
const heightInLayout = 80

interface SparklineProps {
  readonly trend: Board['trend']
  /** The present count is above the ceiling. */
  readonly alarm: boolean
}

export function Sparkline({ trend, alarm }: SparklineProps) {
  const place = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType>()
  const [unit, setUnit] = useState(1)

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const made = init(element)
    const observer = new ResizeObserver(() => {
      made.resize()
      setUnit(element.clientHeight / heightInLayout)
    })
    observer.observe(element)
    setChart(made)
    return () => {
      observer.disconnect()
      made.dispose()
    }
  }, [])

  useEffect(() => {
    if (chart === undefined || chart.isDisposed()) return
    const style = getComputedStyle(document.documentElement)
    const today = style.getPropertyValue('--text')
    chart.setOption(
      sparklineOption(trend, {
        unit,
        today,
        previousDay: style.getPropertyValue('--data-2'),
        end: alarm ? style.getPropertyValue('--overdue') : today,
      }),
    )
  }, [chart, trend, alarm, unit])

  return <div ref={place} className="sparkline" aria-hidden />
}
