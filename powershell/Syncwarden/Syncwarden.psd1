@{
    RootModule           = 'Syncwarden.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5d0a9b0e-6f1f-4a27-9e0c-0b7f4f3c2d11'
    Author               = 'Syncwarden'
    CompanyName          = 'Syncwarden'
    Copyright            = 'MIT licence'
    Description          = 'Says what a room-booking product can no longer reach in Microsoft 365, audits it again, and repairs it: every route of a Syncwarden app as a function.'
    PowerShellVersion    = '7.2'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('Syncwarden.format.ps1xml')
    # In the order in which the examples of their help make sense.
    # generated: functions
    FunctionsToExport = @(
        'Connect-Syncwarden'
        'Get-SyncwardenHealth'
        'Get-SyncwardenTarget'
        'Get-SyncwardenFinding'
        'Get-SyncwardenFindingResource'
        'Get-SyncwardenCause'
        'Get-SyncwardenHistory'
        'Invoke-SyncwardenAudit'
        'Start-SyncwardenAudit'
        'Get-SyncwardenAudit'
        'Set-SyncwardenTarget'
        'Import-SyncwardenTarget'
        'Remove-SyncwardenTarget'
        'New-SyncwardenRepairPlan'
        'Invoke-SyncwardenRepair'
        'Get-SyncwardenRepair'
        'Undo-SyncwardenRepair'
        'Set-SyncwardenWaiver'
        'Get-SyncwardenWaiver'
        'Remove-SyncwardenWaiver'
        'Get-SyncwardenFailedMessage'
        'Resume-SyncwardenFailedMessage'
        'Test-SyncwardenAlert'
        'Save-SyncwardenReport'
        'Export-SyncwardenFinding'
        'Get-SyncwardenOpenApi'
        'Disconnect-Syncwarden'
    )
    # end of generated: functions
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
