// A browser keeps no picture of what WebGL has drawn, and prints an empty canvas. So what is on it is drawn onto another
// one just before, which takes its place on paper.

const STYLE = `
.paper { display: none; }
@media print {
  .paper { display: block; width: 100%; height: auto; max-height: 98vh; object-fit: contain; object-position: top; }
  html, body { height: auto; overflow: visible; background: none; }
  #canvas, .mirror, .unseen, .still { position: absolute; visibility: hidden; }
}
`;

// copy(context) draws what the canvas shows into a 2D context of the same size.
export function printPicture(canvas, copy) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const paper = document.createElement('canvas');
  paper.className = 'paper';
  paper.setAttribute('aria-hidden', 'true');
  window.addEventListener('beforeprint', () => {
    paper.width = canvas.width;
    paper.height = canvas.height;
    copy(paper.getContext('2d'));
    canvas.after(paper);
  });
  window.addEventListener('afterprint', () => paper.remove());
}
