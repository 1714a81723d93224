# Properties that the app gives and does not take.
$script:readOnly = 'createdAt', 'worstVerdict'

# Sends targets from a file, or from objects.
function Import-Target {
    param($Cmdlet, [string[]] $Operation, [System.Collections.IDictionary] $Given, [string] $TypeName, [string] $Action, [System.Collections.Generic.List[psobject]] $InputObject)
    if ($Given.ContainsKey('Path')) {
        $path = $Cmdlet.GetUnresolvedProviderPathFromPSPath($Given.Path)
        try { $text = [System.IO.File]::ReadAllText($path) }
        catch { Stop-Cmdlet $Cmdlet 'input.invalid' "$path cannot be read: $($_.Exception.GetBaseException().Message)" }
        $type = if ($path -match '\.(jsonl|ndjson)$') { 'application/jsonl' } else { 'text/csv' }
    }
    else {
        $path = "$($InputObject.Count) targets"
        $type, $text = ConvertTo-Import $InputObject
    }
    $request = New-Request -Cmdlet $Cmdlet -Operation $Operation -Given $Given
    $request.Body = $text
    $request.BodyType = $type
    # A dry run changes nothing, so there is nothing to ask.
    if ($Given.ContainsKey('DryRun') -and $Given.DryRun) {
        if ($Given.ContainsKey('WhatIf') -and $Given.WhatIf) { return }
    }
    elseif (-not $Cmdlet.ShouldProcess($path, $Action)) { return }
    $reply = Read-Reply -Cmdlet $Cmdlet -Answer (Send-Request -Cmdlet $Cmdlet -Request $request)
    # An outcome of a dry run is none yet.
    $isDryRun = $Given.ContainsKey('DryRun') -and [bool]$Given.DryRun
    foreach ($item in $reply.items) { Add-TypeName $item $TypeName | Add-Member -NotePropertyName dryRun -NotePropertyValue $isDryRun -PassThru }
}

# Rows of Import-Csv are text, and so are sent as a table: the app knows what stands in its cells. Other objects keep their types.
function ConvertTo-Import {
    param([System.Collections.Generic.List[psobject]] $Target)
    $names = $Target | ForEach-Object { $_.PSObject.Properties.Name } | Where-Object { $_ -notin $script:readOnly } | Select-Object -Unique
    $isText = -not ($Target | ForEach-Object { $_.PSObject.Properties } | Where-Object { $null -ne $_.Value -and $_.Value -isnot [string] } | Select-Object -First 1)
    if ($isText) {
        return 'text/csv', (($Target | Select-Object -Property $names | ConvertTo-Csv -UseQuotes Always) -join "`n")
    }
    $lines = foreach ($each in $Target) {
        $given = [ordered]@{}
        foreach ($property in $each.PSObject.Properties) {
            if ($property.Name -in $names) { $given[$property.Name] = $property.Value }
        }
        ConvertTo-Json -InputObject $given -Depth 100 -Compress
    }
    return 'application/jsonl', ($lines -join "`n")
}
