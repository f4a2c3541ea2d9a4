// The playground's own scripts, which only browsers that can run them are given to read.

export const importPlayground = () => import('../client/hourglass.js');
