# Generated from openapi.json and build/generate/powershell/commands.ts: npm run generate.
function Get-SyncwardenCause {
    <#
    .SYNOPSIS
    What is violated, by its cause: the same violation on however many targets.

    .DESCRIPTION
    Calls GET /api/causes.
    Needs the app role Syncwarden.Read.

    .EXAMPLE
    Get-SyncwardenCause | Select-Object -First 3

    What most targets have.

    .LINK
    Connect-Syncwarden
    #>
    [CmdletBinding(PositionalBinding = $false)]
    [OutputType('Syncwarden.Cause')]
    param(
    )
    process {
        Invoke-Operation -Cmdlet $PSCmdlet -Operation 'causes-list' -Given $PSBoundParameters -TypeName 'Syncwarden.Cause'
    }
}
