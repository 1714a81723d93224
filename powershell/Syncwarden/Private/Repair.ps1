# A plan that knows what it is a plan of, so that it can be piped on.
function Get-RepairPlan {
    param($Cmdlet, [string[]] $Operation, [System.Collections.IDictionary] $Given, [hashtable] $Fixed, [string] $TypeName)
    $plan = Invoke-Operation -Cmdlet $Cmdlet -Operation $Operation -Given $Given -Fixed $Fixed -TypeName $TypeName
    $about = [ordered]@{ targetId = $Given.TargetId; control = $Given.Control }
    if ($Given.ContainsKey('Include')) { $about.include = [string[]]$Given.Include }
    $plan | Add-Member -NotePropertyMembers $about -PassThru
}

# Applies a plan, or undoes what was applied, after it has shown the changes and asked.
function Invoke-Repair {
    param($Cmdlet, [string[]] $Operation, [System.Collections.IDictionary] $Given, [hashtable] $Fixed = @{}, [string] $TypeName, [string] $Action)
    $request = New-Request -Cmdlet $Cmdlet -Operation $Operation -Given $Given -Fixed $Fixed
    $subject = if ($Given.ContainsKey('Control')) { "$($request.Subject), $($Given.Control)" } else { $request.Subject }
    $isUndo = $Given.ContainsKey('RemediationId')
    $lines = if ($Given.ContainsKey('Change')) { Format-Change -Change $Given.Change -IsUndo $isUndo }
    $about = @("$Action`: $subject") + @($lines) -join "`n"
    if (-not $Cmdlet.ShouldProcess($about, "$about`nGo on?", $Action)) { return }
    $result = Invoke-Operation -Cmdlet $Cmdlet -Operation $Operation -Given $Given -Fixed $Fixed -TypeName $TypeName
    $result | Add-Member -NotePropertyMembers @{ targetId = $Given.TargetId; control = $result.finding.control } -Force
    $why = ConvertTo-Printable ([string](Get-Property $result 'problem'))
    switch ($result.status) {
        'verified' { }
        'unverified' { $Cmdlet.WriteWarning("$subject is not seen to be compliant: $why") }
        default { $Cmdlet.WriteError((New-Record 'repair.failed' "$subject`: $why" InvalidResult $result)) }
    }
    $result
}

# Each change as a line: what for, what is sent, and the values before and after.
function Format-Change {
    param([psobject[]] $Change, [bool] $IsUndo)
    $number = 0
    foreach ($each in $Change) {
        $number++
        $request = if ($IsUndo) { Get-Property $each 'undo' } else { Get-Property $each 'request' }
        $way = if ($request) { "$($request.method) $($request.url)" } else { 'no way back: it stays' }
        $from, $to = 'before', 'after'
        if ($IsUndo) { $from, $to = $to, $from }
        $what = if ($IsUndo) { "Undo: $($each.description)" } else { $each.description }
        ConvertTo-Printable "  $number. $what $way, $(Format-Value $each $from) -> $(Format-Value $each $to)"
    }
}

function Format-Value {
    param($Change, [string] $Name)
    ConvertTo-Json -InputObject (Get-Property $Change $Name) -Depth 100 -Compress
}
