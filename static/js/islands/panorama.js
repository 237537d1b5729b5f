// An interior all around: one equirectangular picture, seen through a window that the visitor turns by dragging, with the
// arrow keys or by touch. One triangle and one shader; the small picture is shown first, the large one when it is there.

const VERTEX = `attribute vec2 at; varying vec2 seen; void main() { seen = at; gl_Position = vec4(at, 0., 1.); }`;
const FRAGMENT = `precision highp float;
varying vec2 seen; uniform sampler2D picture; uniform vec2 window; uniform vec2 turn;
void main() {
  vec3 ray = normalize(vec3(seen * window, -1.));
  float c = cos(turn.y), s = sin(turn.y);
  ray = vec3(ray.x, c * ray.y - s * ray.z, s * ray.y + c * ray.z);
  float around = atan(ray.x, -ray.z) + turn.x;
  gl_FragColor = texture2D(picture, vec2(fract(around / 6.2831853 + .5), .5 - asin(clamp(ray.y, -1., 1.)) / 3.1415927));
}`;
const STRAIGHT = 1.2;
const NEAREST = 0.42;
const WIDEST = 0.95;
const KEY_TURN = 0.12;

export default async function panorama(element) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const gl = canvas.getContext("webgl", { antialias: false, alpha: false });
  // Without WebGL the picture that stands in the element stays.
  if (!gl) return;
  const program = build(gl);
  const place = (name) => gl.getUniformLocation(program, name);
  const uniforms = { window: place("window"), turn: place("turn") };
  const state = { yaw: 0, pitch: Number(element.dataset.pitch || 0), wide: 0.72, isReady: false };
  let isAsked = false;

  const draw = () => {
    isAsked = false;
    if (!state.isReady) return;
    const scale = Math.min(devicePixelRatio || 1, 2);
    const width = Math.round(canvas.clientWidth * scale);
    const height = Math.round(canvas.clientHeight * scale);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    const tall = Math.min(state.wide, (STRAIGHT * height) / width);
    gl.uniform2f(uniforms.window, (tall * width) / height, tall);
    gl.uniform2f(uniforms.turn, state.yaw, state.pitch);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  };
  const ask = () => {
    if (!isAsked) requestAnimationFrame(draw);
    isAsked = true;
  };
  const turn = (yaw, pitch) => {
    state.yaw += yaw;
    state.pitch = Math.max(-STRAIGHT, Math.min(STRAIGHT, state.pitch + pitch));
    element.classList.add("is-touched");
    ask();
  };

  await show(gl, element.dataset.small);
  state.isReady = true;
  element.append(canvas);
  new ResizeObserver(ask).observe(canvas);
  ask();

  let from = null;
  element.addEventListener("pointerdown", (event) => {
    from = event;
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (!event.buttons) return void (from = null);
    const per = (state.wide * 2) / canvas.clientHeight;
    if (from) turn((from.clientX - event.clientX) * per, (event.clientY - from.clientY) * per);
    from = event;
  });
  element.addEventListener("dragstart", (event) => event.preventDefault());
  element.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-KEY_TURN, 0], ArrowRight: [KEY_TURN, 0], ArrowUp: [0, KEY_TURN], ArrowDown: [0, -KEY_TURN] }[event.key];
    const nearer = { "+": -0.08, "=": -0.08, "-": 0.08 }[event.key];
    if (!way && !nearer) return;
    event.preventDefault();
    if (nearer) state.wide = Math.max(NEAREST, Math.min(WIDEST, state.wide + nearer));
    turn(...(way ?? [0, 0]));
  });
  canvas.addEventListener("webglcontextlost", () => canvas.remove());

  const isLarge = canvas.clientWidth * (devicePixelRatio || 1) > 900 && !navigator.connection?.saveData;
  if (isLarge && element.dataset.large !== element.dataset.small && gl.getParameter(gl.MAX_TEXTURE_SIZE) >= 4096) {
    show(gl, element.dataset.large).then(ask);
  }
}

function build(gl) {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
  gl.useProgram(program);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
  const at = gl.getAttribLocation(program, "at");
  gl.enableVertexAttribArray(at);
  gl.vertexAttribPointer(at, 2, gl.FLOAT, false, 0, 0);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  return program;
}

async function show(gl, address) {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, picture);
  // No mipmaps: their seam would show where the ends of the picture meet.
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.REPEAT);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}
