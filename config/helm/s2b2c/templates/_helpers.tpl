{{- define "s2b2c.labels" -}}
app.kubernetes.io/name: s2b2c
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What every container shares. Call with (dict "root" $ "name" "worker"). */}}
{{- define "s2b2c.container" -}}
name: {{ .name }}
image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
envFrom:
  - secretRef:
      name: {{ .root.Values.existingSecret }}
env:
  {{- range $key, $value := .root.Values.env }}
  - name: {{ $key }}
    value: {{ $value | quote }}
  {{- end }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  - name: media
    mountPath: /var/lib/s2b2c/media
  {{- if .root.Values.keysSecret }}
  - name: keys
    mountPath: /etc/s2b2c/keys
    readOnly: true
  {{- end }}
{{- end }}

{{- define "s2b2c.volumes" -}}
- name: tmp
  emptyDir: {}
- name: media
  persistentVolumeClaim:
    claimName: {{ .Release.Name }}-media
{{- if .Values.keysSecret }}
- name: keys
  secret:
    secretName: {{ .Values.keysSecret }}
{{- end }}
{{- end }}
