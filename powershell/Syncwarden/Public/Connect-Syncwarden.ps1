function Connect-Syncwarden {
    <#
    .SYNOPSIS
    Says which app the other functions call, and who calls.

    .DESCRIPTION
    Keeps the address and the way to tokens for this session, and asks the app for its health. Tokens are kept as secure
    strings, shown nowhere, sent to that address alone, and never follow a redirect. Without a way to a token only an app
    on this machine can be called, as npm start runs one. When it fails nobody is connected, also not to what was called before.

    .PARAMETER Uri
    Address of the app: https, or http for this machine. Without it that in SYNCWARDEN_APP.

    .PARAMETER AccessToken
    A token for the app. It is used until the app no longer takes it.

    .PARAMETER ManagedIdentity
    Takes tokens of the managed identity of the machine, function or automation that this runs on.

    .PARAMETER ClientId
    Client id of a user-assigned identity; without it the identity is the system-assigned one.

    .PARAMETER Az
    Takes tokens from the Az module: those of Connect-AzAccount.

    .PARAMETER Resource
    What to ask tokens for: the application in AUTH_AUDIENCE. "/.default" at its end is left out. Without it what is in
    SYNCWARDEN_SCOPE.

    .EXAMPLE
    Connect-Syncwarden -Uri http://127.0.0.1:7071

    An app on this machine, after npm start.

    .EXAMPLE
    Connect-Syncwarden -Uri https://app.azurewebsites.net -Az -Resource 11111111-2222-3333-4444-555555555555

    A deployed app, as who is signed in with Connect-AzAccount.

    .EXAMPLE
    Connect-Syncwarden -Uri https://app.azurewebsites.net -ManagedIdentity -Resource 11111111-2222-3333-4444-555555555555

    The same from a runbook in Azure.

    .EXAMPLE
    Connect-Syncwarden -Uri https://app.azurewebsites.net -AccessToken (Read-Host -AsSecureString)

    With a token from elsewhere.

    .LINK
    Disconnect-Syncwarden
    #>
    [CmdletBinding(DefaultParameterSetName = 'Local', PositionalBinding = $false)]
    [OutputType('Syncwarden.Connection')]
    param(
        [Parameter(Position = 0)]
        [string] $Uri = $env:SYNCWARDEN_APP,

        [Parameter(Mandatory, ParameterSetName = 'Token')]
        [securestring] $AccessToken,

        [Parameter(Mandatory, ParameterSetName = 'ManagedIdentity')]
        [switch] $ManagedIdentity,

        [Parameter(ParameterSetName = 'ManagedIdentity')]
        [string] $ClientId,

        [Parameter(Mandatory, ParameterSetName = 'Az')]
        [switch] $Az,

        [Parameter(ParameterSetName = 'ManagedIdentity')]
        [Parameter(ParameterSetName = 'Az')]
        [string] $Resource = $env:SYNCWARDEN_SCOPE
    )
    process {
        # Should it fail, the next function must not answer from another app.
        $script:connection = $null
        $address = Get-AppAddress -Cmdlet $PSCmdlet -Uri $Uri
        if ($PSCmdlet.ParameterSetName -eq 'Local' -and -not $address.IsLoopback) {
            Stop-Cmdlet $PSCmdlet 'input.invalid' 'Say who calls: -Az, -ManagedIdentity or -AccessToken. Only an app on this machine can be called without a token.'
        }
        if ($PSCmdlet.ParameterSetName -in 'Az', 'ManagedIdentity' -and -not $Resource) {
            Stop-Cmdlet $PSCmdlet 'input.invalid' 'Say what the token is for: -Resource with the application id in AUTH_AUDIENCE, or SYNCWARDEN_SCOPE.'
        }
        $candidate = @{
            Uri       = $address
            Kind      = $PSCmdlet.ParameterSetName
            Resource  = $Resource -replace '/\.default$', ''
            ClientId  = $ClientId
            Token     = $AccessToken
            ExpiresAt = [datetimeoffset]::MaxValue
        }
        if ($candidate.Kind -in 'Az', 'ManagedIdentity') { Update-Token -Cmdlet $PSCmdlet -Connection $candidate }
        $script:connection = $candidate
        try { $health = Get-SyncwardenHealth -ErrorAction Stop }
        catch {
            $script:connection = $null
            $PSCmdlet.ThrowTerminatingError($_)
        }
        if ($health.status -ne 'healthy') {
            Write-Warning "The app says that it is $($health.status): nothing was verified for too long, or its storage does not answer."
        }
        [pscustomobject]@{
            PSTypeName     = 'Syncwarden.Connection'
            Uri            = [string]$address
            Authentication = $candidate.Kind
            Health         = $health.status
        }
    }
}
