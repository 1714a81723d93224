# Writes what the app answers into a file, as it is.
function Save-Reply {
    param($Cmdlet, [string[]] $Operation, [System.Collections.IDictionary] $Given, [hashtable] $Fixed = @{})
    $path = $Cmdlet.GetUnresolvedProviderPathFromPSPath($Given.Path)
    $request = New-Request -Cmdlet $Cmdlet -Operation $Operation -Given $Given -Fixed $Fixed
    $answer = Send-Request -Cmdlet $Cmdlet -Request $request
    try {
        $stream = Wait-Task $answer.Content.ReadAsStreamAsync()
        $file = [System.IO.File]::Create($path)
        try { $null = Wait-Task $stream.CopyToAsync($file) }
        finally { $file.Dispose() }
    }
    catch {
        # Half a file would look like a whole one.
        Remove-Item -LiteralPath $path -ErrorAction Ignore
        Stop-Cmdlet $Cmdlet 'file.failed' "$path could not be written: $($_.Exception.GetBaseException().Message)" -Category WriteError
    }
    finally { $answer.Dispose() }
    Get-Item -LiteralPath $path
}
