'use strict';
(() => {
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const plots = [];
  const dashes = [[], [7, 4], [2, 4], [10, 3, 2, 3]];

  const cells = row => [...row.cells].map(cell => cell.textContent);
  const numbers = texts => texts.map(text => text === '–' ? null : Number(text));
  const columns = table => {
    const rows = [...table.tBodies[0].rows].map(row => numbers(cells(row)));
    return {names: cells(table.tHead.rows[0]), data: rows[0].map((_, c) => rows.map(row => row[c]))};
  };

  const shown = value => value == null ? '–' : String(Number(value.toPrecision(4)));
  const axis = label => ({
    label, labelSize: 20, size: label ? 34 : 56, font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif', stroke: () => css('--ink'),
    grid: {stroke: () => css('--grid'), width: 1}, ticks: {stroke: () => css('--grid'), width: 1},
  });

  /** Areas on each other: the highest is drawn first, and each tells its own value. */
  const stack = data => {
    const sums = data.slice(1).map(values => values.slice());
    for (let s = 1; s < sums.length; s++) {
      sums[s].forEach((value, i) => { sums[s][i] = value == null ? null : value + sums[s - 1][i]; });
    }
    return [data[0], ...sums.reverse()];
  };

  function draw(box, names, data, kind) {
    const stacked = kind === 'stacked', unit = kind === 'unit';
    const last = names.length - 2;
    const series = names.slice(1).map((_, drawn) => {
      const s = stacked ? last - drawn : drawn;
      const colour = () => css('--c' + s);
      return {
        label: names[s + 1], stroke: colour, width: 2, dash: stacked ? [] : dashes[s],
        fill: stacked ? colour : undefined, points: {show: data[0].length < 25, size: 6, fill: colour},
        value: (plot, value, at, i) => shown(stacked && i != null ? data[s + 1][i] : value),
      };
    });
    const marker = (u, i) => `var(--c${stacked ? last + 1 - i : i - 1})`;
    const width = () => Math.max(200, box.clientWidth);
    const height = () => unit ? Math.min(340, width()) : 230;
    const plot = new uPlot({
      width: width(), height: height(), axes: [axis(names[0]), axis('')],
      scales: unit ? {x: {time: false, range: [0, 1]}, y: {range: [0, 1]}} : {x: {time: false}, y: stacked ? {range: (u, low, high) => [0, high]} : {}},
      series: [{label: names[0], value: (u, value) => shown(value)}, ...series],
      legend: {markers: {stroke: marker, fill: (u, i) => stacked ? marker(u, i) : 'transparent'}},
    }, stacked ? stack(data) : data, box);
    plots.push(plot);
    new ResizeObserver(() => {
      if (Math.abs(plot.width - width()) > 1) {
        plot.setSize({width: width(), height: height()});
      }
    }).observe(box);
    return plot;
  }

  for (const figure of document.querySelectorAll('figure.plot')) {
    const box = figure.querySelector('.drawing'), table = figure.querySelector('table');
    if (box) {
      const {names, data} = columns(table);
      draw(box, names, data, figure.dataset.kind);
    }
  }

  for (const part of document.querySelectorAll('.curves')) {
    const curves = JSON.parse(part.querySelector('script').textContent);
    const [precision, roc] = part.querySelectorAll('.drawing');
    const body = part.querySelector('tbody');
    const table = rows => body.replaceChildren(...rows.map(row => {
      const tr = document.createElement('tr');
      row.forEach(text => { const td = tr.insertCell(); td.className = 'n'; td.textContent = text; });
      return tr;
    }));
    const of = curve => {
      const [, p, r, f] = [0, 1, 2, 3].map(c => numbers(curve.rows.map(row => row[c])));
      return [[r, p], [[0, ...f], [0, ...r]]];
    };
    const [first, second] = of(curves[0]);
    const drawn = [draw(precision, ['recall', 'precision'], first, 'unit'),
      draw(roc, ['false positives', 'recall'], second, 'unit')];
    if (curves.length > 1) {
      const label = document.createElement('label'), select = document.createElement('select');
      label.append('Label ', select);
      curves.forEach((curve, i) => select.add(new Option(curve.label, i)));
      select.addEventListener('change', () => {
        const curve = curves[select.value];
        of(curve).forEach((data, i) => drawn[i].setData(data));
        table(curve.rows);
      });
      part.querySelector('figure').before(label);
    }
  }

  /** Headers become buttons; the first press sorts upwards, the next one downwards. */
  for (const sorted of document.querySelectorAll('table.sortable')) {
    [...sorted.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = header.textContent;
      header.replaceChildren(button);
      button.addEventListener('click', () => {
        const up = header.getAttribute('aria-sort') !== 'ascending';
        [...sorted.tHead.rows[0].cells].forEach(other => other.removeAttribute('aria-sort'));
        header.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        const key = row => row.cells[column].textContent;
        const plain = [...sorted.tBodies[0].rows].every(row => key(row) === '–' || key(row).trim() !== '' && !isNaN(key(row)));
        const compare = (a, b) => plain ? a - b : a.localeCompare(b, undefined, {numeric: true});
        const rows = [...sorted.tBodies[0].rows].sort((a, b) => {
          const [x, y] = [key(a), key(b)];
          if (x === '–' || y === '–') return (x === '–') - (y === '–');
          return up ? compare(x, y) : compare(y, x);
        });
        sorted.tBodies[0].append(...rows);
      });
    });
  }

  const redraw = () => plots.forEach(plot => plot.redraw(false, true));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  matchMedia('print').addEventListener('change', redraw);
})();
