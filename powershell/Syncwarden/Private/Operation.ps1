# Calls one of some operations with what a function was given, and gives out what comes back, one object at a time.
function Invoke-Operation {
    param(
        $Cmdlet,
        [string[]] $Operation,
        [System.Collections.IDictionary] $Given,
        [hashtable] $Fixed = @{},
        [string] $TypeName,
        [string] $Action,
        [int[]] $AlsoStatus = @()
    )
    $request = New-Request -Cmdlet $Cmdlet -Operation $Operation -Given $Given -Fixed $Fixed
    if ($Action -and -not $Cmdlet.ShouldProcess($request.Subject, $Action)) { return }
    $continuation = $null
    $isEmpty = $true
    do {
        $page = if ($null -eq $continuation) { $request } else { Get-NextPage $request $continuation }
        $reply = Read-Reply -Cmdlet $Cmdlet -Answer (Send-Request -Cmdlet $Cmdlet -Request $page -AlsoStatus $AlsoStatus)
        if ($null -eq $reply) { return }
        if (-not $request.List) { return Add-TypeName $reply $TypeName }
        # Rows come within what they are rows of.
        $list = if ($request.List -eq 'resources') { Get-Property $reply 'resources' } else { $reply }
        $name = if ($request.List -eq 'resources') { 'items' } else { $request.List }
        if ($null -eq $list -or -not $list.PSObject.Properties[$name]) {
            Stop-Cmdlet $Cmdlet 'unexpected.answer' "The answer has no $name`: it does not come from Syncwarden. Check the address." -Category InvalidResult
        }
        Write-Unreadable -Cmdlet $Cmdlet -List $list
        foreach ($item in $list.$name) { $isEmpty = $false; Add-TypeName $item $TypeName }
        $continuation = Get-Property $list 'continuation'
    } while ($continuation)
    if ($isEmpty -and $Operation -contains 'findings-list' -and $Given.ContainsKey('TargetId')) {
        # An id with a slip has no findings either, and would look as if nothing were wrong.
        $target = New-Request -Cmdlet $Cmdlet -Operation 'target-get' -Given @{ TargetId = $Given['TargetId'] }
        $null = Read-Reply -Cmdlet $Cmdlet -Answer (Send-Request -Cmdlet $Cmdlet -Request $target)
    }
}

function Get-Property {
    param($Object, [string] $Name)
    if ($Object.PSObject.Properties[$Name]) { $Object.$Name }
}

function Add-TypeName {
    param($Object, [string] $TypeName)
    if ($TypeName) { $Object.PSObject.TypeNames.Insert(0, $TypeName) }
    $Object
}

# What the app keeps and cannot understand is no item, and must not go unnoticed.
function Write-Unreadable {
    param($Cmdlet, $List)
    foreach ($each in Get-Property $List 'unreadable') {
        $fields = $each.errors | ForEach-Object { "$($_.path): $($_.message)" }
        $text = "$($each.what) cannot be read: $($fields -join '; '). $($each.remedy)"
        $Cmdlet.WriteError((New-Record 'kept.unreadable' $text InvalidData $each))
    }
}

# What is sent: method, address below /api, body. Only what is given and known goes into it.
function New-Request {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It makes an object.')]
    param($Cmdlet, [string[]] $Operation, [System.Collections.IDictionary] $Given, [hashtable] $Fixed = @{})
    $chosen = Select-Operation -Cmdlet $Cmdlet -Operation $Operation -Given $Given
    $address = $chosen.Address
    foreach ($name in $chosen.Path.Keys) {
        $address = $address.Replace("{$($chosen.Path[$name])}", (ConvertTo-Segment $Cmdlet $name $Given[$name]))
    }
    $query = [ordered]@{}
    foreach ($name in $chosen.Query.Keys | Sort-Object) {
        $value = Get-Sent $chosen $Given $name
        # A file about one customer would be about all of them.
        if ($value -is [string] -and $value -eq '') { Stop-Cmdlet $Cmdlet 'input.invalid' "-$name must not be empty: leave it out to ask for all." }
        if ($null -ne $value) { $query[$chosen.Query[$name]] = [string]$value }
        elseif ($Fixed.ContainsKey($chosen.Query[$name])) { $query[$chosen.Query[$name]] = $Fixed[$chosen.Query[$name]] }
    }
    $body = [ordered]@{}
    foreach ($name in $chosen.Body.Keys | Sort-Object) {
        $value = Get-Sent $chosen $Given $name
        if ($null -ne $value) { $body[$chosen.Body[$name]] = $value }
        elseif ($Fixed.ContainsKey($chosen.Body[$name])) { $body[$chosen.Body[$name]] = $Fixed[$chosen.Body[$name]] }
    }
    $pairs = $query.Keys | ForEach-Object { "$_=$([uri]::EscapeDataString($query[$_]))" }
    $subject = ($chosen.Path.Keys | Sort-Object -Descending | ForEach-Object { $Given[$_] }) -join ', '
    @{
        Method   = $chosen.Method
        Address  = if ($pairs) { "$address`?$($pairs -join '&')" } else { $address }
        Body     = if ($chosen.Body.Count -gt 0) { ConvertTo-Json -InputObject $body -Depth 100 -Compress } else { $null }
        BodyType = 'application/json'
        List     = $chosen.List
        Subject  = if ($subject) { ConvertTo-Printable $subject } else { [string](Get-Connection $Cmdlet).Uri }
    }
}

# The first one whose address is given as a whole. What another one of them takes does not go with it.
function Select-Operation {
    param($Cmdlet, [string[]] $Operation, [System.Collections.IDictionary] $Given)
    $all = $Operation | ForEach-Object { $script:operations[$_] }
    $chosen = $all | Where-Object { -not ($_.Path.Keys | Where-Object { -not $Given.ContainsKey($_) }) } | Select-Object -First 1
    $known = @($chosen.Path.Keys) + @($chosen.Query.Keys) + @($chosen.Body.Keys)
    $others = $all | ForEach-Object { @($_.Path.Keys) + @($_.Query.Keys) + @($_.Body.Keys) }
    $lost = $Given.Keys | Where-Object { $_ -in $others -and $_ -notin $known } | Select-Object -First 1
    if ($lost) {
        $named = ($chosen.Path.Keys | ForEach-Object { "-$_" }) -join ', '
        Stop-Cmdlet $Cmdlet 'input.invalid' "-$lost cannot be used $(if ($named) { "together with $named" } else { 'alone' }): leave it out."
    }
    $chosen
}

# Dots alone would lead to another address.
function ConvertTo-Segment {
    param($Cmdlet, [string] $Name, [string] $Value)
    if ($Value -match '^\.*$') { Stop-Cmdlet $Cmdlet 'input.invalid' "-$Name must not be empty, nor dots alone." }
    [uri]::EscapeDataString($Value)
}

# A value as the API has it; nothing where it is not given.
function Get-Sent {
    param([hashtable] $Operation, [System.Collections.IDictionary] $Given, [string] $Name)
    if (-not $Given.ContainsKey($Name)) { return }
    $value = $Given[$Name]
    if ($value -is [switch]) {
        $sent = $Operation.Switches[$Name]
        # -Name:$false asks for the opposite, where there is one.
        if ($value) { return $sent } elseif ($sent -eq 'true') { return 'false' } else { return }
    }
    if ($value -is [bool] -and $Operation.Query.ContainsKey($Name)) { return $value.ToString().ToLowerInvariant() }
    if ($value -is [datetime]) { return $value.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffZ', [cultureinfo]::InvariantCulture) }
    # A list of one stays a list.
    return , $value
}

function Get-NextPage {
    param([hashtable] $Request, [string] $Continuation)
    $next = $Request.Clone()
    $joint = if ($Request.Address.Contains('?')) { '&' } else { '?' }
    $next.Address = "$($Request.Address)$joint`continuation=$([uri]::EscapeDataString($Continuation))"
    $next
}
