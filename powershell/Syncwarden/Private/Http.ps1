# No redirect is followed: a token would go along. No cookie is kept.
$handler = [System.Net.Http.HttpClientHandler]@{ AllowAutoRedirect = $false; UseCookies = $false; AutomaticDecompression = 'All' }
$script:client = [System.Net.Http.HttpClient]::new($handler)
# Applying a plan takes up to 200 seconds.
$script:client.Timeout = [timespan]::FromSeconds(300)

# How often a reading request is sent at the most, and for how long is waited between two of them, in seconds.
$script:mostTries = 4
$script:longestWait = 60

# Waits so that Ctrl+C is heard.
function Wait-Task {
    param($Task)
    while ([System.Threading.Tasks.Task]::WaitAny(@($Task), 200) -lt 0) { }
    $Task.GetAwaiter().GetResult()
}

# The answer once its headers are there; its content is still to be read.
function Send-Message {
    param([System.Net.Http.HttpRequestMessage] $Message)
    Wait-Task $script:client.SendAsync($Message, [System.Net.Http.HttpCompletionOption]::ResponseHeadersRead)
}

# Calls the app. Stops with the problem when the app answers with one, and with a sentence when it does not answer.
function Send-Request {
    param($Cmdlet, [hashtable] $Request, [int[]] $AlsoStatus = @())
    $connection = Get-Connection $Cmdlet
    for ($try = 1; ; $try++) {
        $message = New-Message -Cmdlet $Cmdlet -Connection $connection -Request $Request
        $Cmdlet.WriteVerbose("$($Request.Method) $($message.RequestUri)")
        try { $answer = Send-Message $message }
        catch {
            $reason = $_.Exception.GetBaseException().Message
            Stop-Cmdlet $Cmdlet 'unreachable' "$($connection.Uri) could not be reached: $reason" -Category ConnectionError
        }
        $seconds = Get-RetryDelay -Request $Request -Answer $answer
        if ($null -eq $seconds -or $try -ge $script:mostTries -or [int]$answer.StatusCode -in $AlsoStatus) { break }
        $answer.Dispose()
        $Cmdlet.WriteVerbose("The app asks for patience: again in $seconds s.")
        if ($seconds -gt 0) { Start-Sleep -Seconds $seconds }
    }
    $status = [int]$answer.StatusCode
    if ($answer.IsSuccessStatusCode -or $status -in $AlsoStatus) { return $answer }
    try { $Cmdlet.ThrowTerminatingError((New-ProblemRecord -Answer $answer -Request $Request)) }
    finally { $answer.Dispose() }
}

function New-Message {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object.')]
    param($Cmdlet, [hashtable] $Connection, [hashtable] $Request)
    $message = [System.Net.Http.HttpRequestMessage]::new($Request.Method, [uri]::new($Connection.Uri, "api/$($Request.Address)"))
    $message.Headers.Authorization = Get-Authorization -Cmdlet $Cmdlet -Connection $Connection
    if ($null -ne $Request.Body) {
        $message.Content = [System.Net.Http.StringContent]::new($Request.Body, [System.Text.Encoding]::UTF8, $Request.BodyType)
    }
    $message
}

# Seconds to wait before the same is asked again; nothing where it is not. What writes is never sent twice.
function Get-RetryDelay {
    param([hashtable] $Request, [System.Net.Http.HttpResponseMessage] $Answer)
    if ($Request.Method -ne 'GET' -or [int]$Answer.StatusCode -notin 429, 503) { return }
    $after = $Answer.Headers.RetryAfter
    if ($null -eq $after) { return }
    $seconds = if ($null -ne $after.Delta) { $after.Delta.TotalSeconds } else { ($after.Date - [datetimeoffset]::UtcNow).TotalSeconds }
    if ($seconds -le $script:longestWait) { [math]::Max(0, [math]::Ceiling($seconds)) }
}

# What an answer says, as an object. Text that is no JSON is not of the app: a sign-in page, for example.
function Read-Reply {
    param($Cmdlet, [System.Net.Http.HttpResponseMessage] $Answer)
    try {
        if ([int]$Answer.StatusCode -eq 204) { return }
        $type = [string]$Answer.Content.Headers.ContentType.MediaType
        $text = Wait-Task $Answer.Content.ReadAsStringAsync()
        if ($type -ne 'application/json') {
            Stop-Cmdlet $Cmdlet 'unexpected.answer' "The answer is $type, and no JSON: it does not come from Syncwarden. Check the address." -Category InvalidResult
        }
        # Times come as UTC.
        $text | ConvertFrom-Json -Depth 100 -NoEnumerate
    }
    finally { $Answer.Dispose() }
}
