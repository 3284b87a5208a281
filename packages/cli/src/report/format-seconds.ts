/** Seconds for people: `0.6 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`. */
export const formatSeconds = (seconds: number): string => {
  const positive = Math.max(0, seconds);
  // 59.95 would be rounded to 60.0.
  return positive < 59.95 ? `${positive.toFixed(1)} s` : formatUptime(positive);
};

/** Whole seconds, for times that have passed rather than been measured: `42 s`. */
export const formatUptime = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
};
