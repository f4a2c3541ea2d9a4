// Medians and their spread.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// "12,300 (11,900 to 12,800)"
export function spread(values, digits = 3) {
  const text = (value) => Number(value.toPrecision(digits)).toLocaleString('en-US');
  return `${text(median(values))} (${text(Math.min(...values))} to ${text(Math.max(...values))})`;
}
